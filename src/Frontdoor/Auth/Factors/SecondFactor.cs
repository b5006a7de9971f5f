using System.Security.Cryptography;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>What somebody shows as his second factor: one of the two.</summary>
/// <param name="Code">Six digits of his authenticator; spaces and hyphens do not matter.</param>
/// <param name="RecoveryCode">One of his recovery codes.</param>
internal sealed record ShownFactor(string? Code, string? RecoveryCode);

/// <summary>Looks at what somebody shows as his second factor.</summary>
internal sealed class SecondFactor(
    byte[] recoveryKey,
    FactorStore store,
    ISubjectKeys keys,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>What somebody can show by what he has. A passkey is shown at endpoints of its own.</summary>
    public static string[] MethodsOf(bool totp, bool passkey) =>
        [.. totp ? ["totp"] : Array.Empty<string>(), .. passkey ? ["passkey"] : Array.Empty<string>(), "recovery_code"];

    /// <summary>That it is not the code, whatever the reason.</summary>
    public static Error Wrong { get; } = new(
        ErrorKind.Refused,
        "second_factor_invalid",
        "This is not the code, or it was used before. A code of your authenticator holds for about half a minute, once.",
        "code");

    /// <summary>The key for the digests of recovery codes.</summary>
    public byte[] RecoveryKey { get; } = recoveryKey;

    public static SubjectField FieldOf(UserId user) => new(user.Value, "identity.second_factors", "totp_secret");

    /// <summary>What is wrong with the form of it, or null.</summary>
    public static Problem? CheckForm(string? code, string? recoveryCode) => (code, recoveryCode) switch
    {
        (null or "", null or "") => Problem.Missing("code"),
        (not (null or ""), not (null or "")) =>
            Problem.Invalid("parameter_invalid", "Send one of 'code' and 'recovery_code', not both.", "recovery_code"),
        (not (null or ""), _) when !Totp.TryParse(code, out _) => Problem.Invalid("code_malformed", "A code has six digits.", "code"),
        (null or "", _) when !Factors.RecoveryCode.TryParse(recoveryCode, out _) => Problem.Invalid(
            "code_malformed", "A recovery code has sixteen letters and digits.", "recovery_code"),
        _ => null,
    };

    /// <summary>
    /// Takes a code, once; null if it was right. In a session it has been shown then, until it is removed. Its form has been checked.
    /// </summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="session">In which session it is shown; null at a login.</param>
    /// <param name="shown">The code.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Problem?> TakeAsync(UserId user, string? session, ShownFactor shown, CancellationToken cancellationToken)
    {
        // Before the code is looked at: guesses sent together are all counted.
        if (await store.TakeAttemptAsync(user, session, cancellationToken) is { } until)
        {
            return Locked(until - time.GetUtcNow());
        }

        var outcome = Factors.RecoveryCode.TryParse(shown.RecoveryCode, out var recovery)
            ? await store.UseRecoveryCodeAsync(user, session, recovery.HashFor(user, RecoveryKey), cancellationToken)
            : await store.FindTotpAsync(user, cancellationToken) is { IsConfirmed: true } totp
                && await StepOfAsync(user, totp, shown.Code, cancellationToken) is { } step
                    ? await store.UseTotpAsync(user, session, totp.Secret, step, cancellationToken)
                    : FactorOutcome.None;
        return outcome switch
        {
            FactorOutcome.Done => null,
            FactorOutcome.SessionEnded => SessionGate.Over,
            _ => Problem.Of(Wrong),
        };
    }

    /// <summary>Takes an attempt at the first code of an authenticator.</summary>
    /// <returns>The code's time step, or why it is none.</returns>
    public async Task<(long Step, Problem? Problem)> TryFirstAsync(
        UserId user, string session, StoredTotp totp, string? code, CancellationToken cancellationToken)
    {
        if (await store.TakeAttemptAsync(user, session, cancellationToken) is { } until)
        {
            return (0, Locked(until - time.GetUtcNow()));
        }

        return await StepOfAsync(user, totp, code, cancellationToken) is { } step ? (step, null) : (0, Problem.Of(Wrong));
    }

    private async Task<long?> StepOfAsync(UserId user, StoredTotp totp, string? typed, CancellationToken cancellationToken)
    {
        if (!Totp.TryParse(typed, out var code)
            || await keys.OpenAsync(FieldOf(user), totp.Secret, cancellationToken) is not { } secret)
        {
            return null;
        }

        try
        {
            return Totp.StepOf(secret, code, time.GetUtcNow());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static Problem Locked(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests,
        ErrorTypes.RateLimit,
        "second_factor_locked",
        "Too many wrong codes. Try again later.",
        RetryAfter: wait);
}
