using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Keys.Subjects;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>A user's second factors: he sets them up, and takes them away.</summary>
internal static class FactorsApi
{
    private static readonly Error AlreadySet = new(
        ErrorKind.Conflict, "totp_set", "You have an authenticator. Remove it before you set up another.");

    private static readonly Error NotBegun = new(
        ErrorKind.Conflict, "totp_not_begun", "No authenticator waits to be confirmed: begin at /v1/me/totp, and confirm within 15 minutes.");

    private static readonly Error NotSet = new(ErrorKind.Conflict, "no_second_factor", "You have no second factor.");

    public static void MapFactors(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api)
            .WithMetadata(NeverCompressed.Because);
        me.MapGet("/second-factors", GetAsync).WithSummary("Which second factors I have");
        me.MapPost("/totp", BeginAsync).WithSummary("Set up an authenticator: its secret is shown this once").WithMetadata(StepUpOnly.Because);
        me.MapPost("/totp/confirm", ConfirmAsync)
            .WithSummary("Show its first code: from now on one is asked for, and recovery codes are shown this once");
        me.MapDelete("/totp", RemoveAsync).WithSummary("Remove my authenticator").WithMetadata(StepUpOnly.Because);
        me.MapPost("/recovery-codes", ReplaceCodesAsync).WithSummary("Get new recovery codes in place of those of before")
            .WithMetadata(StepUpOnly.Because);
    }

    private static async Task<Ok<FactorsJson>> GetAsync(ClaimsPrincipal caller, FactorStore store, CancellationToken cancellationToken)
    {
        var summary = await store.SummarizeAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new FactorsJson("second_factors", summary.Totp, summary.RecoveryCodesLeft, summary.Passkeys));
    }

    private static async Task<Results<Ok<TotpJson>, Problem>> BeginAsync(
        TotpRequest? request,
        ClaimsPrincipal caller,
        FirstFactor first,
        UserDirectory directory,
        ContactSeal names,
        FactorStore store,
        ISubjectKeys keys,
        ChangeRateLimit limit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var id = caller.UserId();
        if (await first.CheckAsync(request?.Password, id, context, cancellationToken) is { } unproven)
        {
            return unproven;
        }

        // What is refused in any case uses up nothing.
        if (await store.FindTotpAsync(id, cancellationToken) is { IsConfirmed: true })
        {
            return Problem.Of(AlreadySet);
        }

        if (await limit.TakeAsync(SecurityChange.Totp, caller) is { } tooMany)
        {
            return tooMany;
        }

        if (await directory.FindAsync(id, cancellationToken) is not { } user)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
        }

        var label = (await names.OpenAsync(user, cancellationToken)).Label;
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        try
        {
            var stored = await keys.SealAsync(SecondFactor.FieldOf(id), secret, cancellationToken);
            return Refusal(await store.BeginTotpAsync(id, caller.SessionId()!, stored, cancellationToken), AlreadySet) is { } over
                ? over
                : TypedResults.Ok(new TotpJson("totp", Totp.TextOf(secret), Totp.UriOf(secret, label)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static async Task<Results<Ok<RecoveryCodesJson>, Problem>> ConfirmAsync(
        TotpCodeRequest request,
        ClaimsPrincipal caller,
        SecondFactor factors,
        FactorStore store,
        FactorUndos undos,
        CancellationToken cancellationToken)
    {
        if (SecondFactor.CheckForm(request.Code, recoveryCode: null) is { } malformed)
        {
            return malformed;
        }

        var user = caller.UserId();
        if (await store.FindTotpAsync(user, cancellationToken) is not { IsConfirmed: false } totp)
        {
            return Problem.Of(NotBegun);
        }

        var (step, problem) = await factors.TryFirstAsync(user, caller.SessionId()!, totp, request.Code, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var codes = RecoveryCode.NewSet();
        var undo = await undos.NewAsync(user, cancellationToken);
        if (Refusal(
            await store.ConfirmTotpAsync(
                user, caller.SessionId()!, totp.Secret, step, HashesOf(codes, user, factors), undo, cancellationToken),
            NotBegun) is { } refused)
        {
            return refused;
        }

        undos.Ring();
        return TypedResults.Ok(RecoveryCodesJson.Of(codes));
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        ClaimsPrincipal caller, FactorStore store, CancellationToken cancellationToken) =>
        Refusal(await store.RemoveTotpAsync(caller.UserId(), caller.SessionId()!, cancellationToken), NotSet) is { } refused
            ? refused
            : TypedResults.NoContent();

    private static async Task<Results<Ok<RecoveryCodesJson>, Problem>> ReplaceCodesAsync(
        ClaimsPrincipal caller, SecondFactor factors, FactorStore store, ChangeRateLimit limit, HttpContext context,
        CancellationToken cancellationToken)
    {
        // Who has no factor has none to ask for, and uses up nothing.
        if (SessionFacts.Of(context).HasFactor && await limit.TakeAsync(SecurityChange.RecoveryCodes, caller) is { } tooMany)
        {
            return tooMany;
        }

        var codes = RecoveryCode.NewSet();
        var outcome = await store.ReplaceRecoveryCodesAsync(
            caller.UserId(), caller.SessionId()!, HashesOf(codes, caller.UserId(), factors), cancellationToken);
        return Refusal(outcome, NotSet) is { } refused ? refused : TypedResults.Ok(RecoveryCodesJson.Of(codes));
    }

    private static Problem? Refusal(FactorOutcome outcome, Error none) => outcome switch
    {
        FactorOutcome.Done => null,
        FactorOutcome.SessionEnded => SessionGate.Over,
        _ => Problem.Of(none),
    };

    private static byte[][] HashesOf(RecoveryCode[] codes, UserId user, SecondFactor factors) =>
        [.. codes.Select(code => code.HashFor(user, factors.RecoveryKey))];
}

/// <summary>Somebody who wants an authenticator.</summary>
/// <param name="Password">His password; not needed by whoever has a second factor, and shows it.</param>
internal sealed record TotpRequest(string? Password);

/// <summary>The first code of an authenticator.</summary>
/// <param name="Code">Six digits; spaces and hyphens do not matter.</param>
internal sealed record TotpCodeRequest(string? Code);

/// <summary>An authenticator that waits for its first code. Shown once.</summary>
/// <param name="Object">Always <c>totp</c>.</param>
/// <param name="Secret">The secret in base32, to be typed into the authenticator.</param>
/// <param name="Uri">The same as an otpauth:// URI, to be shown as a QR code by the client itself.</param>
internal sealed record TotpJson(string Object, string Secret, string Uri);

/// <summary>Codes for whoever loses his authenticator; each is good once. Shown once.</summary>
/// <param name="Object">Always <c>recovery_codes</c>.</param>
/// <param name="Codes">Ten codes; those of before are good no more.</param>
internal sealed record RecoveryCodesJson(string Object, string[] Codes)
{
    public static RecoveryCodesJson Of(RecoveryCode[] codes) => new("recovery_codes", [.. codes.Select(code => code.Reveal())]);
}

/// <summary>What a user has of second factors.</summary>
/// <param name="Object">Always <c>second_factors</c>.</param>
/// <param name="Totp">Whether an authenticator is asked for.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are unused.</param>
/// <param name="Passkeys">How many passkeys there are.</param>
internal sealed record FactorsJson(string Object, bool Totp, int RecoveryCodesLeft, int Passkeys);
