using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth;

/// <summary>For whoever has forgotten his password.</summary>
internal static class PasswordResetApi
{
    public static void MapPasswordReset(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/v1/auth/password-reset").WithTags("Auth").RequireRateLimiting(RateLimitNames.Auth)
            .WithMetadata(NeverCompressed.Because);
        auth.MapPost("", (PasswordResetRequest request, PasswordReset reset, HttpContext context) =>
                reset.SendAsync(request, ClientAddress.Of(context), context.RequestAborted))
            .WithSummary("Send a code to a confirmed e-mail or phone; the answer does not tell whether somebody has it");
        auth.MapPost("/confirm", (NewPasswordRequest request, PasswordReset reset, HttpContext context) =>
                reset.ConfirmAsync(request, LoginPlace.Of(context), context.RequestAborted))
            .WithSummary("Set a password by the code that was sent; ends all sessions");
    }
}

/// <summary>Whose password was forgotten. One of e-mail and phone.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Phone">The phone number with its country code.</param>
internal sealed record PasswordResetRequest(string? Email, string? Phone);

/// <summary>A code is on its way, if somebody has the name.</summary>
/// <param name="Object">Always <c>password_reset</c>.</param>
/// <param name="Id">By what its code is entered, <c>pwr_…</c>; nobody else who asks for the same name has it.</param>
/// <param name="ExpiresAt">Until when the code holds.</param>
internal sealed record PasswordResetJson(string Object, string Id, DateTimeOffset ExpiresAt);

/// <summary>A password in place of the one that was forgotten.</summary>
/// <param name="Email">The e-mail address that the code was sent to.</param>
/// <param name="Phone">The phone number that the code was sent to.</param>
/// <param name="ResetId">The id that the request for the code was answered; not needed with a code at length.</param>
/// <param name="Code">Eight digits, or 25 letters and digits where it is the last for a while; spaces and hyphens do not matter.</param>
/// <param name="Password">The new one, 10 to 256 characters.</param>
internal sealed record NewPasswordRequest(string? Email, string? Phone, string? ResetId, string? Code, string? Password);

/// <summary>Lets people set a password by a code.</summary>
internal sealed class PasswordReset(
    PasswordResets resets,
    LoginAttempts attempts,
    PasswordQueue queue,
    IPasswordHasher<User> hasher,
    MessageTransports transports,
    CodeRateLimit perNetwork,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<Results<Ok<PasswordResetJson>, Problem>> SendAsync(
        PasswordResetRequest request, ClientAddress address, CancellationToken cancellationToken)
    {
        var (contact, problem) = Read(request.Email, request.Phone);
        if (contact is null)
        {
            return problem!;
        }

        if (!transports.Offers(contact.Channel))
        {
            return Problem.Of(Confirmation.NotOffered(contact.Kind));
        }

        if (await perNetwork.TakeAsync(address) is { } wait)
        {
            return Confirmation.TooMany(wait);
        }

        return await resets.SendAsync(contact, address, cancellationToken) switch
        {
            { Id: { } id, At: var expiresAt } => TypedResults.Ok(new PasswordResetJson("password_reset", id, expiresAt)),
            { At: var retryAt } => Confirmation.TooMany(retryAt - time.GetUtcNow()),
        };
    }

    public async Task<Results<NoContent, Problem>> ConfirmAsync(
        NewPasswordRequest request, LoginPlace place, CancellationToken cancellationToken)
    {
        var (contact, problem) = Read(request.Email, request.Phone);
        if (contact is null)
        {
            return problem!;
        }

        if (string.IsNullOrEmpty(request.Code) || string.IsNullOrEmpty(request.Password))
        {
            return Problem.Missing(string.IsNullOrEmpty(request.Code) ? "code" : "password");
        }

        if (!OneTimeCode.TryParse(request.Code, out var code))
        {
            return Confirmation.Malformed;
        }

        if (PasswordRules.Check(request.Password, request.Email, request.Phone) is { } weak)
        {
            return weak;
        }

        if (CheckId(request.ResetId, code) is { } unread)
        {
            return unread;
        }

        var (turn, refused) = await queue.EnterAsync(place.Address, contact.Name, cancellationToken);
        if (turn is null)
        {
            return refused!;
        }

        // Before the code is looked at, so that the clock does not tell which codes are right.
        string hash;
        using (turn)
        {
            hash = await turn.HashAsync(() => hasher.HashPassword(new User(), request.Password));
        }

        if (await resets.ResetAsync(contact, request.ResetId ?? "", code, hash, cancellationToken) is not { } user)
        {
            return Problem.Of(Confirmation.WrongCode);
        }

        // The password is set by now, whatever becomes of the caller.
        await attempts.ResetAtAsync(user, place.Client, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static Problem? CheckId(string? id, OneTimeCode code) => id switch
    {
        null or "" => code.IsLong ? null : Problem.Missing("reset_id"),
        _ when PasswordResets.IsId(id) => null,
        _ => Problem.Invalid("parameter_invalid", "'reset_id' is the id that /v1/auth/password-reset has answered.", "reset_id"),
    };

    private static (Contact? Contact, Problem? Problem) Read(string? givenEmail, string? givenPhone)
    {
        var (email, phone, problem) = Credentials.ReadOneName(givenEmail, givenPhone);
        return problem is not null ? (null, problem)
            : (email is not null ? new Contact(ContactKind.Email, email) : new Contact(ContactKind.Phone, phone!), null);
    }
}
