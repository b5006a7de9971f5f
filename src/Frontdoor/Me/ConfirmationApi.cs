using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Me;

/// <summary>A user proves that an e-mail address or a phone number is his.</summary>
internal static class ConfirmationApi
{
    public static void MapConfirmation(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        foreach (var (kind, what) in new[] { (ContactKind.Email, "e-mail address"), (ContactKind.Phone, "phone number") })
        {
            me.MapPost($"/{Contact.NameOf(kind)}/code", (ClaimsPrincipal caller, Confirmation confirmation, HttpContext context) =>
                    confirmation.SendAsync(caller, kind, ClientAddress.Of(context), context.RequestAborted))
                .WithSummary($"Send another code to my {what}");
            me.MapPost($"/{Contact.NameOf(kind)}/confirm",
                    (CodeRequest request, ClaimsPrincipal caller, Confirmation confirmation, HttpContext context) =>
                        confirmation.ConfirmAsync(request, caller, kind, context.RequestAborted))
                .WithSummary($"Confirm my {what} by the code that was sent there; the first contact opens the wallet");
        }
    }
}

/// <summary>A code as it was sent.</summary>
/// <param name="Code">Eight digits, or 25 letters and digits where it is the last for a while; spaces and hyphens do not matter.</param>
internal sealed record CodeRequest(string? Code);

/// <summary>A code is on its way.</summary>
/// <param name="Object">Always <c>code</c>.</param>
/// <param name="Contact"><c>email</c> or <c>phone</c>.</param>
/// <param name="SentTo">The address or number.</param>
/// <param name="ExpiresAt">Until when it holds. Codes that were sent before hold no more.</param>
internal sealed record CodeJson(string Object, string Contact, string SentTo, DateTimeOffset ExpiresAt)
{
    /// <summary>When it is sent, where that is not at once because the day's budget of messages is used up; else absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>Sends codes to the contacts of users, and takes them.</summary>
internal sealed class Confirmation(
    UserDirectory directory,
    ContactCodes codes,
    ContactSeal seal,
    MessageTransports transports,
    CodeRateLimit perNetwork,
    MeReader me,
    WalletOpener wallets,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<Results<Ok<CodeJson>, Problem>> SendAsync(
        ClaimsPrincipal caller, ContactKind kind, ClientAddress address, CancellationToken cancellationToken)
    {
        var (user, problem) = await FindAsync(caller, kind, cancellationToken);
        if (user is null)
        {
            return problem!;
        }

        if (user.HasConfirmed(kind))
        {
            return Problem.Of(Already(kind));
        }

        if (!transports.Offers(Contact.ChannelOf(kind)))
        {
            return Problem.Of(NotOffered(kind));
        }

        if (await perNetwork.TakeAsync(address) is { } wait)
        {
            return TooMany(wait);
        }

        if ((await seal.OpenAsync(user, cancellationToken)).Of(kind) is not { } contact)
        {
            // Erased at this moment.
            return Problem.Of(NoSuchUser);
        }

        return await codes.SendAsync(user.UserId, contact, address, cancellationToken) switch
        {
            { ExpiresAt: { } expiresAt } answer => TypedResults.Ok(
                new CodeJson("code", contact.KindName, contact.Name, expiresAt) { SentAt = answer.SentAt }),
            { RetryAt: { } retryAt } => TooMany(retryAt - time.GetUtcNow()),
            _ => Problem.Of(Already(kind)),
        };
    }

    public async Task<Results<Ok<MeJson>, Problem>> ConfirmAsync(
        CodeRequest request, ClaimsPrincipal caller, ContactKind kind, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return Problem.Missing("code");
        }

        if (!OneTimeCode.TryParse(request.Code, out var code))
        {
            return Malformed;
        }

        switch (await codes.ConfirmAsync(caller.UserId(), kind, code, cancellationToken))
        {
            case ConfirmOutcome.Already:
                return Problem.Of(Already(kind));
            case ConfirmOutcome.Taken:
                return Problem.Of(new Error(
                    ErrorKind.Conflict,
                    $"{Contact.NameOf(kind)}_taken",
                    "Another account has confirmed this since. Log in to that one, or go on here with another.",
                    Contact.NameOf(kind)));
            case ConfirmOutcome.Wrong:
                return Problem.Of(WrongCode);
        }

        // The account is asked for as soon as may be; whoever looks at the wallet next asks again if this does not get through.
        var (user, problem) = await FindAsync(caller, kind, cancellationToken);
        await wallets.TryConfirmedAsync(caller.UserId());
        return user is null ? problem! : await me.ReadAsync(user.UserId, cancellationToken);
    }

    /// <summary>That there is no such code, or not any more.</summary>
    public static Error WrongCode { get; } = new(
        ErrorKind.Refused,
        "code_invalid",
        "This is not the code, or it holds no more: eight digits hold ten minutes, for five tries.",
        "code");

    /// <summary>That it cannot be a code.</summary>
    public static Problem Malformed { get; } = Problem.Invalid(
        "code_malformed", "A code has eight digits, or 25 letters and digits.", "code");

    /// <summary>That messages of this kind are not sent here.</summary>
    public static Error NotOffered(ContactKind kind) => new(
        ErrorKind.Refused,
        $"{Contact.NameOf(kind)}_unavailable",
        $"Nothing is sent by {(kind == ContactKind.Email ? "e-mail" : "SMS")} here.",
        Contact.NameOf(kind));

    /// <summary>That too many codes were asked for.</summary>
    public static Problem TooMany(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests,
        ErrorTypes.RateLimit,
        "too_many_codes",
        "Too many codes were asked for. The last that was sent has letters, and holds until another can be asked for.",
        RetryAfter: wait);

    /// <summary>That it is his already.</summary>
    public static Error Already(ContactKind kind) => new(
        ErrorKind.Conflict, $"{Contact.NameOf(kind)}_confirmed", "This is confirmed already.", Contact.NameOf(kind));

    private static Error NoSuchUser { get; } = new(ErrorKind.NotFound, "user_not_found", "There is no such user.");

    // Who has no such name is not found either.
    private async Task<(User? User, Problem? Problem)> FindAsync(
        ClaimsPrincipal caller, ContactKind kind, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(caller.UserId(), cancellationToken) is not { } user)
        {
            return (null, Problem.Of(NoSuchUser));
        }

        return user.IndexOf(kind) is not null
            ? (user, null)
            : (null, Problem.Of(new Error(
                ErrorKind.Refused, $"{Contact.NameOf(kind)}_missing", "You have given none.", Contact.NameOf(kind))));
    }
}
