using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>Registers merchants and changes them, for people who are logged in.</summary>
internal sealed class MerchantDesk(
    MerchantBook book,
    MerchantEmail emails,
    MerchantMode mode,
    MessageTransports transports,
    MerchantAccounts accounts,
    SigningDemand signing,
    CodeRateLimit perNetwork,
    IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<Results<Created<MerchantJson>, Problem>> RegisterAsync(
        NewMerchantRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        var (form, bad) = MerchantForm.Read(request, mode.IsLive);
        if (form is null)
        {
            return bad!;
        }

        if (!transports.Offers(MessageChannel.Email))
        {
            return Problem.Of(Confirmation.NotOffered(ContactKind.Email));
        }

        var (user, session, id) = (context.User.UserId(), context.User.SessionId()!, book.NewId());
        // From here on it is carried out even if the caller hangs up: what is written is not all of it.
        cancellationToken = CancellationToken.None;
        var outcome = await book.RegisterAsync(id, form, user, session, context.Features.Get<RequestKey>(), cancellationToken);
        if (outcome != MerchantOutcome.Done)
        {
            return MerchantOutcomes.Explain(outcome, TooMany);
        }

        if (await book.FindAsync(id, user, cancellationToken) is not { } made)
        {
            return MerchantGate.NotFound;
        }

        await FinishAsync(made, form.Email, context);
        return TypedResults.Created($"/v1/merchants/{id.Value}", MerchantJson.Of(made));
    }

    /// <summary>A merchant whom a caller registered before, with what was cut off then done; null where he is not of it.</summary>
    public async Task<Merchant?> RegisteredAsync(MerchantId id, HttpContext context)
    {
        if (await book.FindAsync(id, context.User.UserId(), CancellationToken.None) is not { Role: not null } merchant)
        {
            return null;
        }

        if (merchant.EmailConfirmed || !await emails.IsAwaitedAsync(id, CancellationToken.None))
        {
            await FinishAsync(merchant, new Contact(ContactKind.Email, merchant.Email), context);
        }

        return merchant;
    }

    public async Task<Results<Ok<MerchantJson>, Problem>> ChangeAsync(
        MerchantChangeRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        var (form, bad) = MerchantForm.Read(request, mode.IsLive);
        if (form is null)
        {
            return bad!;
        }

        // Whoever sends all of it back says nothing of this.
        if (form.RequiresSignatures is { } said
            && (await book.FindAsync(caller.Merchant, caller.User, cancellationToken))?.RequireSignedRequests == said)
        {
            form.ForgetSignatures();
        }

        if (form.RequiresSignatures is { } isDemanded
            && await signing.CheckAsync(isDemanded, caller, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var outcome = form.Columns.Count == 0
            ? await book.StayAsync(caller.Merchant, caller.Key, cancellationToken)
            : await book.ChangeAsync(
                caller.Merchant, form, context.User.UserId(), context.User.SessionId()!, caller.Key, cancellationToken);
        if (outcome != MerchantOutcome.Done)
        {
            return MerchantOutcomes.Explain(outcome, TooManyLogos);
        }

        if (form.IsForAccount)
        {
            // A repeat finishes what was cut off.
            await accounts.SetTermsAsync(caller.Merchant);
        }

        return await ShowAsync(caller, cancellationToken);
    }

    public async Task<Results<Ok<CodeJson>, Problem>> SendCodeAsync(
        MerchantEmailRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(caller.Merchant, caller.User, cancellationToken) is not { } merchant)
        {
            return MerchantGate.NotFound;
        }

        var (wanted, bad) = string.IsNullOrWhiteSpace(request.Email)
            ? (new Contact(ContactKind.Email, merchant.Email), null)
            : Credentials.ReadOneName(request.Email, null) is { Email: { } email } ? (new Contact(ContactKind.Email, email), null)
            : ((Contact?)null, Problem.Invalid("email_invalid", "'email' is not an e-mail address.", "email"));
        if (wanted is null)
        {
            return bad!;
        }

        if (!transports.Offers(wanted.Channel))
        {
            return Problem.Of(Confirmation.NotOffered(wanted.Kind));
        }

        return await SendAsync(caller.Merchant, wanted, context, CancellationToken.None) switch
        {
            ({ Code: { ExpiresAt: { } expiresAt } sent }, _) => TypedResults.Ok(
                new CodeJson("code", wanted.KindName, wanted.Name, expiresAt) { SentAt = sent.SentAt }),
            ({ Code.RetryAt: { } retryAt }, _) => Confirmation.TooMany(retryAt - time.GetUtcNow()),
            ({ Refused: { } refused }, _) => MerchantOutcomes.Explain(refused, TooMany),
            (_, { } wait) => Confirmation.TooMany(wait),
            _ => Problem.Of(Confirmation.Already(ContactKind.Email)),
        };
    }

    public async Task<Results<Ok<MerchantJson>, Problem>> ConfirmAsync(
        CodeRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return Problem.Missing("code");
        }

        if (!OneTimeCode.TryParse(request.Code, out var code))
        {
            return Confirmation.Malformed;
        }

        return await emails.ConfirmAsync(
            caller.Merchant, code, context.User.UserId(), context.User.SessionId()!, cancellationToken) switch
        {
            MerchantOutcome.Done => await ShowConfirmedAsync(caller, cancellationToken),
            MerchantOutcome.WrongCode => Problem.Of(Confirmation.WrongCode),
            var outcome => MerchantOutcomes.Explain(outcome, TooMany),
        };
    }

    private async Task<Results<Ok<MerchantJson>, Problem>> ShowConfirmedAsync(
        MerchantCaller caller, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(caller.Merchant, caller.User, cancellationToken) is not { } merchant)
        {
            return MerchantGate.NotFound;
        }

        await accounts.TryOpenAsync(caller.Merchant, merchant.Status, merchant.Tier);
        return TypedResults.Ok(MerchantJson.Of(merchant));
    }

    public async Task<Results<Ok<MerchantJson>, Problem>> ShowAsync(MerchantCaller caller, CancellationToken cancellationToken) =>
        await book.FindAsync(caller.Merchant, caller.User, cancellationToken) is { } merchant
            ? TypedResults.Ok(MerchantJson.Of(merchant))
            : MerchantGate.NotFound;

    private static Error TooManyLogos { get; } = new(
        ErrorKind.RateLimited, "too_many_logos", "The logo was another one too often today.", "logo", TimeSpan.FromHours(1));

    private Error TooMany => new(
        ErrorKind.Refused, "too_many_merchants", $"You can register {options.Value.PerUser} businesses.");

    private async Task FinishAsync(Merchant merchant, Contact email, HttpContext context)
    {
        if (!merchant.EmailConfirmed)
        {
            // He is registered either way; where no code can be sent now another is asked for later.
            await SendAsync(merchant.Id, email, context, CancellationToken.None);
        }

        await accounts.TryOpenAsync(merchant.Id, merchant.Status, merchant.Tier);
    }

    // What is counted of the network's first: it asks for nothing then.
    private async Task<(MerchantCode Code, TimeSpan? Wait)> SendAsync(
        MerchantId merchant, Contact email, HttpContext context, CancellationToken cancellationToken)
    {
        var address = ClientAddress.Of(context);
        return await perNetwork.TakeAsync(address) is { } wait
            ? (default, wait)
            : (await emails.SendAsync(merchant, email, context.User.UserId(), context.User.SessionId()!, address, cancellationToken), null);
    }
}
