using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Finds the account of a recipient as the payer named him.</summary>
internal sealed class RecipientFinder(
    RecipientDirectory directory,
    ContactBook contacts,
    WalletOpener wallets,
    FederatedNames federation,
    SessionPayees sessions,
    LookupRateLimit lookups)
{
    /// <summary>The account and what is known of its owner, or why there is none.</summary>
    /// <param name="payer">Whose contacts are meant.</param>
    /// <param name="text">A contact's id or nickname, or any name of <see cref="RecipientName"/>.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task<Result<Recipient>> FindAsync(UserId payer, string text, CancellationToken cancellationToken)
    {
        var direct = RecipientName.Read(text);
        // A nickname from when such addresses were none still names whom its user meant.
        var mayBeNickname = direct is { Kind: RecipientKind.Email } && EmailAddress.IsInternational(text.Trim());
        if (direct is not null && !mayBeNickname)
        {
            return await FindAsync(payer, direct, cancellationToken);
        }

        // No other nickname can be read as anything else, so what is left is one, or a contact's id.
        var named = await contacts.FindAsync(payer, text.Trim(), cancellationToken) is { } contact
            ? RecipientName.Read(contact.Recipient)
            : direct;
        return named is not null ? await FindAsync(payer, named, cancellationToken) : Unreadable();
    }

    private async Task<Result<Recipient>> FindAsync(UserId payer, RecipientName name, CancellationToken cancellationToken)
    {
        if (name.Kind == RecipientKind.Address)
        {
            return new Recipient(name.Text, name.Text, name.Kind, await FactsOfAsync(payer, name.Text, cancellationToken));
        }

        // Before anything is looked for: a refusal must not tell either.
        if (await lookups.TakeAsync(payer, name.Text) is { } tooMany)
        {
            return tooMany;
        }

        var found = name.Kind switch
        {
            RecipientKind.Federated => await FindFederatedAsync(payer, name, cancellationToken),
            RecipientKind.Session => await sessions.FindAsync(PaymentSessionId.Parse(name.Text), cancellationToken),
            _ => await FindUserAsync(name, cancellationToken),
        };
        // What is asked of somebody else's server is asked each time, and counted each time: it goes wherever the payer likes.
        if (found.IsSuccess && name.Kind != RecipientKind.Federated)
        {
            lookups.Found(payer, name.Text);
        }

        return found;
    }

    private async Task<Result<Recipient>> FindFederatedAsync(
        UserId payer, RecipientName name, CancellationToken cancellationToken)
    {
        var federated = await federation.ResolveAsync(name.Text, cancellationToken);
        if (!federated.IsSuccess)
        {
            return federated;
        }

        var facts = await FactsOfAsync(payer, federated.Value.Address, cancellationToken);
        return federated.Value with
        {
            Facts = federated.Value.Facts with { IsUser = facts.IsUser, Handle = facts.Handle },
        };
    }

    private async Task<Result<Recipient>> FindUserAsync(RecipientName name, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(name, cancellationToken) is not { } found)
        {
            return new Error(
                ErrorKind.Refused, "recipient_not_found",
                "Nobody here has this e-mail address, phone or handle."
                + (name.Kind == RecipientKind.Handle ? "" : " Its owner can be invited: POST /v1/invitations sets the amount aside for him."),
                "recipient");
        }

        var address = await wallets.GetAddressAsync(found.User);
        return address.IsSuccess
            ? new Recipient(address.Value, name.Text, name.Kind, new RecipientFacts(IsUser: true, found.Handle))
            : address.Error;
    }

    // Whether an account is a wallet of ours. Nothing but the handle, which its owner chose to be found by, is told, and that of
    // no more accounts than names may be looked up: whoever pays an address can do without.
    private async Task<RecipientFacts> FactsOfAsync(UserId payer, string address, CancellationToken cancellationToken)
    {
        var account = MuxedAccount.Parse(address).AccountId.ToString();
        var found = await directory.FindByAccountAsync(account, cancellationToken);
        if (found?.Handle is null || await lookups.TakeAsync(payer, account) is not null)
        {
            return new RecipientFacts(IsUser: found is not null, Handle: null);
        }

        lookups.Found(payer, account);
        return new RecipientFacts(IsUser: true, found.Handle);
    }

    private static Error Unreadable() => new(
        ErrorKind.InvalidRequest,
        "recipient_invalid",
        "'recipient' is not an e-mail address, a phone number in E.164, an @handle, an address (G… or M…), a federated address "
        + "(name*domain), a payment session (pay_…), or one of your contacts.",
        "recipient");
}
