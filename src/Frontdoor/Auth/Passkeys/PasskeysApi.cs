using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>A user's passkeys: he makes them, sees them and takes them away.</summary>
internal static class PasskeysApi
{
    private const int LongestName = 64;
    private const string UsualName = "Passkey";

    private static readonly Error TooMany = new(
        ErrorKind.Conflict, "too_many_passkeys", $"You have {PasskeyStore.Most} passkeys. Remove one first.");

    private static readonly Error Taken = new(
        ErrorKind.Conflict, "passkey_taken", "This passkey is in use already.", "credential");

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("/v1/me/passkeys").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api)
            .WithMetadata(NeverCompressed.Because);
        passkeys.MapGet("", ListAsync).WithSummary("My passkeys");
        passkeys.MapPost("/options", AskAsync).WithMetadata(StepUpOnly.Because)
            .WithSummary("Begin a passkey: what navigator.credentials.create is to be given");
        passkeys.MapPost("", AddAsync)
            .WithSummary("Store the passkey that was made; of the first factor recovery codes are shown this once");
        passkeys.MapDelete("/{id}", RemoveAsync).WithSummary("Remove a passkey").WithMetadata(StepUpOnly.Because);
    }

    private static async Task<Ok<PasskeyListJson>> ListAsync(
        ClaimsPrincipal caller, PasskeyStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PasskeyListJson(
            "list", [.. (await store.ListAsync(caller.UserId(), cancellationToken)).Select(PasskeyJson.Of)]));

    private static async Task<Results<Ok<PasskeyOptionsJson>, Problem>> AskAsync(
        NewPasskeyOptionsRequest? request,
        ClaimsPrincipal caller,
        FirstFactor first,
        UserDirectory directory,
        ContactSeal names,
        PasskeyCeremony ceremony,
        PasskeyChallenges challenges,
        PasskeyStore store,
        ChangeRateLimit limit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!ceremony.IsOffered)
        {
            return PasskeyProblems.NotOffered;
        }

        var id = caller.UserId();
        if (await first.CheckAsync(request?.Password, id, context, cancellationToken) is { } unproven)
        {
            return unproven;
        }

        if (await directory.FindAsync(id, cancellationToken) is not { } user)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
        }

        var known = await store.CredentialIdsAsync(id, cancellationToken);
        if (known.Count >= PasskeyStore.Most)
        {
            return Problem.Of(TooMany);
        }

        if (await limit.TakeAsync(SecurityChange.Passkey, caller) is { } refused)
        {
            return refused;
        }

        var label = (await names.OpenAsync(user, cancellationToken)).Label;
        return await challenges.AskAsync(
            PasskeyUse.Register, id, caller.SessionId(), ceremony.AskForNew(id, label, known), cancellationToken);
    }

    private static async Task<Results<Created<NewPasskeyJson>, Problem>> AddAsync(
        NewPasskeyRequest request,
        ClaimsPrincipal caller,
        SecondFactor factors,
        PasskeyCeremony ceremony,
        PasskeyChallenges challenges,
        PasskeyStore store,
        FactorUndos undos,
        CancellationToken cancellationToken)
    {
        if (!ceremony.IsOffered)
        {
            return PasskeyProblems.NotOffered;
        }

        if (request.Credential is null)
        {
            return Problem.Missing("credential");
        }

        var name = string.IsNullOrWhiteSpace(request.Name) ? UsualName : request.Name.Trim();
        if (name.Length > LongestName || name.Any(char.IsControl))
        {
            return Problem.Invalid("parameter_invalid", $"'name' has at most {LongestName} characters, and no controls.", "name");
        }

        var user = caller.UserId();
        if (PasskeyCeremony.ChallengeOf(request.Credential) is not { } challenge
            || !await challenges.TakeAsync(challenge, PasskeyUse.Register, user, caller.SessionId(), cancellationToken)
            || await ceremony.CheckNewAsync(request.Credential, challenge, user, cancellationToken) is not { } made)
        {
            return Problem.Of(PasskeyProblems.Wrong);
        }

        var codes = RecoveryCode.NewSet();
        var (outcome, passkey) = await store.AddAsync(
            user, caller.SessionId()!, made, name, [.. codes.Select(code => code.HashFor(user, factors.RecoveryKey))],
            await undos.NewAsync(user, cancellationToken), cancellationToken);
        undos.Ring();
        return outcome switch
        {
            PasskeyOutcome.TooMany => Problem.Of(TooMany),
            PasskeyOutcome.Taken => Problem.Of(Taken),
            PasskeyOutcome.SessionEnded => SessionGate.Over,
            _ => TypedResults.Created(
                $"/v1/me/passkeys/{passkey.Id}",
                new NewPasskeyJson(
                    "new_passkey", PasskeyJson.Of(passkey),
                    outcome == PasskeyOutcome.AddedFirst ? [.. codes.Select(code => code.Reveal())] : null)),
        };
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string id, ClaimsPrincipal caller, PasskeyStore store, CancellationToken cancellationToken) =>
        await store.RemoveAsync(caller.UserId(), caller.SessionId()!, id, cancellationToken) switch
        {
            FactorOutcome.Done => TypedResults.NoContent(),
            FactorOutcome.SessionEnded => SessionGate.Over,
            _ => Problem.Of(new Error(ErrorKind.NotFound, "passkey_not_found", "There is no such passkey.")),
        };
}

/// <summary>What is wrong with a passkey.</summary>
internal static class PasskeyProblems
{
    /// <summary>Whatever the reason.</summary>
    public static Error Wrong { get; } = new(
        ErrorKind.Refused, "passkey_invalid",
        "This does not answer what was asked: it was asked more than five minutes ago, was answered already, or is of another passkey or page.",
        "credential");

    public static Problem NotOffered { get; } = Problem.Of(new Error(
        ErrorKind.Conflict, "passkeys_not_offered", "There are no passkeys here."));
}

/// <summary>Somebody who wants a passkey.</summary>
/// <param name="Password">His password; not needed by whoever has a second factor, and shows it.</param>
internal sealed record NewPasskeyOptionsRequest(string? Password);

/// <summary>A passkey that was made.</summary>
/// <param name="Credential">What navigator.credentials.create gave, as its toJSON writes it.</param>
/// <param name="Name">How its user calls it, at most 64 characters.</param>
internal sealed record NewPasskeyRequest(JsonElement? Credential, string? Name);

/// <summary>What a browser is asked.</summary>
/// <param name="Object">Always <c>passkey_options</c>.</param>
/// <param name="PublicKey">For parseCreationOptionsFromJSON or parseRequestOptionsFromJSON (WebAuthn level 3).</param>
/// <param name="ExpiresAt">Until when its answer is taken.</param>
internal sealed record PasskeyOptionsJson(string Object, JsonElement PublicKey, DateTimeOffset ExpiresAt);

/// <summary>A passkey.</summary>
/// <param name="Object">Always <c>passkey</c>.</param>
/// <param name="Id">Its id here.</param>
/// <param name="Name">How its user calls it.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="LastUsedAt">When it was last used; null before.</param>
internal sealed record PasskeyJson(string Object, string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static PasskeyJson Of(ListedPasskey passkey) =>
        new("passkey", passkey.Id, passkey.Name, passkey.CreatedAt, passkey.LastUsedAt);
}

/// <summary>A user's passkeys.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">Oldest first.</param>
internal sealed record PasskeyListJson(string Object, PasskeyJson[] Data);

/// <summary>A passkey that was stored.</summary>
/// <param name="Object">Always <c>new_passkey</c>.</param>
/// <param name="Passkey">The passkey.</param>
/// <param name="RecoveryCodes">Ten codes for whoever loses it, where it is the first second factor; shown once. Else null.</param>
internal sealed record NewPasskeyJson(string Object, PasskeyJson Passkey, string[]? RecoveryCodes);
