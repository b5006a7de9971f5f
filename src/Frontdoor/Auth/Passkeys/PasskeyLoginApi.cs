using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>A passkey is shown: to log in with nothing else, or again for what needs a second factor.</summary>
internal static class PasskeyLoginApi
{
    public static void MapPasskeyLogin(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/v1/auth").WithTags("Auth").RequireRateLimiting(RateLimitNames.Auth)
            .WithMetadata(NeverCompressed.Because);
        auth.MapPost("/passkey/options", AskForLoginAsync)
            .WithSummary("Begin a login by a passkey: what navigator.credentials.get is to be given");
        auth.MapPost("/passkey", LogInAsync).WithSummary("Log in by a passkey alone; it stands for password and second factor");
        auth.MapPost("/step-up/passkey/options", AskForStepUpAsync).RequireAuthorization()
            .WithSummary("Begin to show a passkey again: what navigator.credentials.get is to be given");
        auth.MapPost("/step-up/passkey", StepUpAsync).RequireAuthorization()
            .WithSummary("Show a passkey again, for what asks for it with step_up_required");
    }

    private static async Task<Results<Ok<PasskeyOptionsJson>, Problem>> AskForLoginAsync(
        PasskeyCeremony ceremony, PasskeyChallenges challenges, CancellationToken cancellationToken)
    {
        if (!ceremony.IsOffered)
        {
            return PasskeyProblems.NotOffered;
        }

        return await challenges.AskAsync(PasskeyUse.Login, user: null, session: null, ceremony.AskForSignature([]), cancellationToken);
    }

    private static async Task<Results<Ok<SessionJson>, Problem>> LogInAsync(
        ShownPasskeyRequest request,
        PasskeyCheck passkeys,
        AccountRateLimit perAccount,
        UserDirectory directory,
        Login login,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var (shown, problem) = await passkeys.CheckAsync(request.Credential, PasskeyUse.Login, null, null, cancellationToken);
        if (shown is null)
        {
            return problem!;
        }

        // After the signature: nobody else uses up what he may.
        if (await perAccount.TakeAsync(shown.User) is { } tooMany)
        {
            return tooMany;
        }

        // With the stamp of before the signature was looked at: if a factor was removed since then, or the password set anew, or something
        // undone, it opens nothing.
        if (await directory.FindAsync(shown.User, cancellationToken) is not { } found || found.SecurityStamp != shown.Stamp)
        {
            return Problem.Of(PasskeyProblems.Wrong);
        }

        var (session, wait) = await login.OpenSessionAsync(found, SessionClient.Of(context), cancellationToken, factorShown: true);
        return session is not null ? TypedResults.Ok(session) : wait ?? Problem.Of(PasskeyProblems.Wrong);
    }

    private static async Task<Results<Ok<PasskeyOptionsJson>, Problem>> AskForStepUpAsync(
        ClaimsPrincipal caller,
        PasskeyCeremony ceremony,
        PasskeyChallenges challenges,
        PasskeyStore store,
        CancellationToken cancellationToken)
    {
        if (!ceremony.IsOffered)
        {
            return PasskeyProblems.NotOffered;
        }

        var known = await store.CredentialIdsAsync(caller.UserId(), cancellationToken);
        if (known.Count == 0)
        {
            return Problem.Of(ChallengeApi.NoFactor);
        }

        return await challenges.AskAsync(
            PasskeyUse.StepUp, caller.UserId(), caller.SessionId(), ceremony.AskForSignature(known), cancellationToken);
    }

    private static async Task<Results<Ok<StepUpJson>, Problem>> StepUpAsync(
        ShownPasskeyRequest request,
        ClaimsPrincipal caller,
        PasskeyCheck passkeys,
        StepUp stepUp,
        CancellationToken cancellationToken)
    {
        var until = stepUp.Until;
        var (shown, problem) = await passkeys.CheckAsync(
            request.Credential, PasskeyUse.StepUp, caller.UserId(), caller.SessionId(), cancellationToken);
        return shown is null ? problem! : TypedResults.Ok(new StepUpJson("step_up", until));
    }
}

/// <summary>A passkey that was shown.</summary>
/// <param name="Credential">What navigator.credentials.get gave, as its toJSON writes it.</param>
internal sealed record ShownPasskeyRequest(JsonElement? Credential);

/// <summary>Looks at passkeys that are shown.</summary>
internal sealed partial class PasskeyCheck(
    PasskeyCeremony ceremony, PasskeyChallenges challenges, PasskeyStore store, ILogger<PasskeyCheck> logger)
{
    /// <summary>The passkey as it was before its signature was looked at, or why it is none.</summary>
    /// <param name="credential">What the browser gave.</param>
    /// <param name="use">For what.</param>
    /// <param name="expected">Whose it must be; null where it tells.</param>
    /// <param name="session">In which session it was asked for; null for a login.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(StoredPasskey? Passkey, Problem? Problem)> CheckAsync(
        JsonElement? credential, PasskeyUse use, UserId? expected, string? session, CancellationToken cancellationToken)
    {
        if (!ceremony.IsOffered)
        {
            return (null, PasskeyProblems.NotOffered);
        }

        if (credential is null)
        {
            return (null, Problem.Missing("credential"));
        }

        // The challenge first, and it ends by that: a wrong signature is not tried again over the same one.
        if (PasskeyCeremony.ChallengeOf(credential) is not { } challenge
            || !await challenges.TakeAsync(challenge, use, expected, session, cancellationToken)
            || PasskeyCeremony.CredentialIdOf(credential) is not { } credentialId
            || await store.FindAsync(credentialId, cancellationToken) is not { } passkey
            || (expected is { } owner && passkey.User != owner)
            || await ceremony.CheckSignatureAsync(
                credential, challenge, passkey, named: expected is not null, cancellationToken) is not { } signCount)
        {
            return (null, Problem.Of(PasskeyProblems.Wrong));
        }

        switch (await store.UseAsync(passkey, session, signCount, cancellationToken))
        {
            case FactorOutcome.Done:
                return (passkey, null);
            case FactorOutcome.SessionEnded:
                return (null, SessionGate.Over);
            default:
                // Another has signed as often: one of the two is a copy.
                LogOldCount(passkey.User);
                return (null, Problem.Of(PasskeyProblems.Wrong));
        }
    }

    [LoggerMessage(5040, LogLevel.Warning, "A passkey of {User} signed with a count that it has had; it may have been copied")]
    private partial void LogOldCount(UserId user);
}
