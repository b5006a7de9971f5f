using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Has people come to merchants and go, as who proves himself says. The keys that somebody may know go with him.</summary>
internal sealed class PeopleDesk(
    PeopleBook book,
    MerchantBook merchants,
    OwnerProof proof,
    ChangeRateLimit limit,
    MessageTransports transports,
    MessageBudget budget,
    MessageBell bell,
    MerchantWatch watch,
    IOptions<MerchantOptions> options,
    TimeProvider system)
{
    private const string Why = "it changes who may act for a business.";

    private static readonly Problem RoleInvalid =
        Problem.Invalid("role_invalid", "'role' is owner, developer, finance or viewer.", "role");

    public async Task<Results<Created<PersonJson>, Problem>> InviteAsync(
        InvitePersonRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (request.Email is null or "" || request.Role is null or "")
        {
            return Problem.Missing(request.Email is null or "" ? "email" : "role");
        }

        if (!EmailAddress.TryParse(request.Email, out var address))
        {
            return Problem.Invalid("email_invalid", "'email' is not an e-mail address.", "email");
        }

        if (MerchantRoles.Read(request.Role) is not { } role)
        {
            return RoleInvalid;
        }

        if (!transports.Offers(MessageChannel.Email))
        {
            return Problem.Of(Confirmation.NotOffered(ContactKind.Email));
        }

        if (await ProveAsync(request.Password, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var contact = new Contact(ContactKind.Email, address);
        var ask = new MessageAsk(MessageUse.Invitation, contact.Channel, contact.Name, ClientAddress.Of(context));
        if (await budget.TakeAsync(ask, cancellationToken) is not { } share)
        {
            return Problem.Of(new Error(
                ErrorKind.RateLimited, "messages_used_up", "No more invitations are sent to this address today.",
                RetryAfter: budget.Tomorrow - system.GetUtcNow()));
        }

        // From here on the request is carried out even if the caller hangs up: something was taken for it.
        var (outcome, invited) = await InviteAsync(caller, context, contact, role, share);
        if (PersonOutcome.Explain(outcome, options.Value.PeoplePerMerchant) is { } problem)
        {
            await budget.ReturnAsync(share, CancellationToken.None);
            return problem;
        }

        bell.Ring(contact.Channel);
        return TypedResults.Created($"/v1/merchants/{caller.Merchant.Value}/people", invited);
    }

    private async Task<(string Outcome, PersonJson Invited)> InviteAsync(
        MerchantCaller caller, HttpContext context, Contact contact, MerchantRole role, MessageShare share)
    {
        try
        {
            return await book.InviteAsync(AskerOf(caller, context), contact, role, CancellationToken.None);
        }
        catch (KeyRefusedException)
        {
            // Nobody is sent anything.
            await budget.ReturnAsync(share, CancellationToken.None);
            throw;
        }
    }

    public async Task<Results<Ok<MerchantJson>, Problem>> JoinAsync(
        JoinRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return Problem.Missing("code");
        }

        if (!LongCode.TryParse(request.Code, out var code))
        {
            return PersonOutcome.WrongCode;
        }

        var user = context.User.UserId();
        var (outcome, merchant) = await book.JoinAsync(user, context.User.SessionId()!, code, cancellationToken);
        if (PersonOutcome.Explain(outcome, options.Value.PeoplePerMerchant) is { } problem)
        {
            return problem;
        }

        return await merchants.FindAsync(merchant!.Value, user, cancellationToken) is { } joined
            ? TypedResults.Ok(MerchantJson.Of(joined))
            : MerchantGate.NotFound;
    }

    public async Task<Results<Ok<PersonJson>, Problem>> ChangeAsync(
        string person, PersonChangeRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (request.Role is null or "")
        {
            return Problem.Missing("role");
        }

        if (MerchantRoles.Read(request.Role) is not { } role)
        {
            return RoleInvalid;
        }

        if (!UserId.TryParse(person, out var user))
        {
            return PersonOutcome.NoPerson;
        }

        if (await ProveAsync(request.Password, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var outcome = await book.ChangeAsync(AskerOf(caller, context), user, role, cancellationToken);
        if (PersonOutcome.Explain(outcome, options.Value.PeoplePerMerchant) is { } problem)
        {
            return problem;
        }

        await watch.TakeAsync(caller.Merchant.Value, CancellationToken.None);
        return (await book.ListAsync(caller.Merchant, cancellationToken)).SingleOrDefault(one => one.Id == user.Value) is { } changed
            ? TypedResults.Ok(changed)
            : PersonOutcome.NoPerson;
    }

    public async Task<Results<NoContent, Problem>> RemoveAsync(
        string person, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (!UserId.TryParse(person, out _) && !InvitationSeal.IsId(person))
        {
            return PersonOutcome.NoPerson;
        }

        var outcome = await book.RemoveAsync(AskerOf(caller, context), person, cancellationToken);
        if (PersonOutcome.Explain(outcome, options.Value.PeoplePerMerchant) is { } problem)
        {
            return problem;
        }

        // Keys that he may know are revoked with him: here at once, and elsewhere within seconds.
        await watch.TakeAsync(caller.Merchant.Value, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private async Task<Problem?> ProveAsync(string? password, HttpContext context, CancellationToken cancellationToken) =>
        await proof.CheckAsync(password, Why, context.User.UserId(), context, cancellationToken)
        ?? await limit.TakeAsync(SecurityChange.MerchantPeople, context.User);

    private static KeyAsker AskerOf(MerchantCaller caller, HttpContext context) =>
        new(caller.Merchant, context.User.UserId(), context.User.SessionId()!, caller.Key);
}
