using System.Globalization;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>What a sender asks for, as it was read.</summary>
/// <param name="Name">Whom he names.</param>
/// <param name="Asset">The asset's name.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Note">His note, or null.</param>
/// <param name="IdempotencyKey">The request's key.</param>
/// <param name="Proof">What stands for it that he asks.</param>
internal sealed record NewInvitation(
    RecipientName Name, string Asset, string Amount, string? Note, string IdempotencyKey, PayerProof Proof);

/// <summary>
/// Makes invitations: looks whether the name is somebody's, seals what names a stranger, writes what he is told, and has the sender's
/// wallet reserve the amount and store all of it in one write.
/// </summary>
internal sealed class InvitationDesk(
    RecipientDirectory directory, UserDirectory users, ProfileBook profiles, HandleBook handles, LookupRateLimit lookups,
    MessageTransports transports, MessageBudget budget, MessageSeal messages, MessageBell bell, ContactIndex index,
    InvitationFingerprints fingerprints, InvitationSeal seal, InvitationTimes times, IGrainFactory grains,
    IOptions<InvitationOptions> options, TimeProvider system, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    // What is not sent by then says nothing that the sender has not told by other ways.
    private static readonly TimeSpan MessageLifetime = TimeSpan.FromDays(1);

    private const string OftenCode = "recipient_invited_often";

    private static readonly Error Self = new(ErrorKind.Refused, "self_payment", "A wallet cannot pay itself.", "recipient");

    private static readonly Error Confirmed = new(
        ErrorKind.Conflict, "recipient_confirmed",
        "Somebody here has confirmed this e-mail address or phone number. Pay by POST /v1/payments.", "recipient");

    private static readonly Error NoMessages = new(
        ErrorKind.RateLimited, "too_many_invitations",
        "No more invitations are sent today, to this recipient or at all. Nothing was changed.", "recipient");

    public async Task<Result<InvitationJson>> InviteAsync(
        UserId sender, NewInvitation wanted, ClientAddress address, CancellationToken cancellationToken)
    {
        var wallet = grains.GetGrain<IWalletInvitations>(WalletId.Of(sender).Value);
        var contact = wanted.Name.Contact ?? throw new ArgumentException("Nobody is reached by such a name.", nameof(wanted));
        var sought = await index.OfAsync(contact, cancellationToken);
        var request = new InvitationRequest(
            InvitationId.New(business), new InvitedName(sought, contact.KindName), wanted.Asset, wanted.Amount, wanted.IdempotencyKey,
            fingerprints.Of(contact.Key, wanted.Note), [], Proof: wanted.Proof);
        // A repeat is answered whatever has changed since, and sends nothing.
        var answered = await wallet.FindInvitedAsync(sender, request);
        if (answered.Error is not { Code: "invitation_not_found" })
        {
            return await ShownAsync(sender, answered, cancellationToken);
        }

        if (await CheckAsync(sender, wanted.Name, contact, sought, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var message = await MessageAsync(sender, contact, wanted, cancellationToken);
        var text = new InvitationText(wanted.Name.Text, wanted.Note);
        var whole = request with
        {
            Sealed = await seal.SealAsync(sender, request.Id, text, cancellationToken),
            Message = message,
        };
        if (await budget.TakeAsync(
            new MessageAsk(MessageUse.Invitation, contact.Channel, contact.Name, address), cancellationToken) is not { } share)
        {
            return NoMessages with { RetryAfter = budget.Tomorrow - system.GetUtcNow() };
        }

        // From here on the request is carried out even if the caller hangs up.
        var made = await Outcome.OfAsync(() => wallet.InviteAsync(sender, whole));
        // Of one request that came several times at once, one made it: the others write nothing to anybody.
        if (made.IsSuccess && made.Value.Id == whole.Id)
        {
            bell.Ring(contact.Channel);
        }
        else
        {
            await budget.ReturnAsync(share, CancellationToken.None);
        }

        // Of several requests at once none had been told so before.
        if (made.Error is { Code: OftenCode } && await CheckOftenAsync(sender, sought, CancellationToken.None) is { } often)
        {
            return often;
        }

        return await ShownAsync(sender, made, CancellationToken.None);
    }

    private async Task<Error?> CheckAsync(
        UserId sender, RecipientName name, Contact contact, byte[] sought, CancellationToken cancellationToken)
    {
        if (!transports.Offers(contact.Channel))
        {
            return Confirmation.NotOffered(contact.Kind) with { Param = "recipient" };
        }

        // Before anything is looked for: a refusal must not tell either.
        if (await lookups.TakeAsync(sender, name.Text) is { } tooMany)
        {
            return tooMany;
        }

        if (await users.FindAsync(sender, cancellationToken) is { } self
            && self.IndexOf(contact.Kind) is { } own && own.AsSpan().SequenceEqual(sought))
        {
            return Self;
        }

        if (await directory.FindAsync(name, cancellationToken) is null)
        {
            return await CheckOftenAsync(sender, sought, cancellationToken);
        }

        lookups.Found(sender, name.Text);
        return Confirmed;
    }

    // The write that makes it is what refuses it: here, so that nothing is prepared in vain, and for the time.
    private async Task<Error?> CheckOftenAsync(UserId sender, byte[] sought, CancellationToken cancellationToken) =>
        await times.FindNextAsync(sender, sought, cancellationToken) is { } at
            ? new Error(
                ErrorKind.RateLimited, OftenCode,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"You have invited this recipient {options.Value.SameName} times within {options.Value.SameNameDays} days, which is as often as you may. "
                    + $"You can invite him again from {at:yyyy-MM-dd HH:mm} UTC on."),
                "recipient", at - business.GetUtcNow())
            : null;

    private async Task<InvitationMessage> MessageAsync(
        UserId sender, Contact contact, NewInvitation wanted, CancellationToken cancellationToken)
    {
        var profile = await profiles.FindAsync(sender, cancellationToken);
        var called = SenderName.Of(profile.FullName)
            ?? (await handles.FindHandleAsync(sender, cancellationToken) is { } handle ? $"@{handle}" : null);
        var (id, now) = (MessageOutbox.NewId(system), system.GetUtcNow());
        // As it was asked for; what cannot be read as an asset or an amount is refused before anything is sent.
        var amount = Amount.TryParseStroops(wanted.Amount, out var stroops) ? Amount.Format(stroops).TrimEnd('0').TrimEnd('.') : "";
        var said = InvitationWords.Of(
            id, contact.Channel, contact.Name, called, $"{amount} {wanted.Asset.Split(':')[0]}", options.Value.Days, profile.Language);
        return new InvitationMessage(id, MessageOutbox.NameOf(contact.Channel), messages.Seal(said), now, now + MessageLifetime);
    }

    private async Task<Result<InvitationJson>> ShownAsync(
        UserId sender, Result<InvitationView> invitation, CancellationToken cancellationToken) => invitation.IsSuccess
        ? await seal.OpenAsync(sender, invitation.Value, cancellationToken)
        : invitation.Error;
}
