using Microsoft.AspNetCore.Identity;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>How a password did.</summary>
internal abstract record PasswordVerdict
{
    public sealed record Right(User User) : PasswordVerdict;

    public sealed record Wrong : PasswordVerdict;

    public sealed record LockedOut(TimeSpan For) : PasswordVerdict;

    /// <summary>It was not looked at, and counts as no attempt.</summary>
    public sealed record NotLookedAt(Problem Why) : PasswordVerdict;
}

/// <summary>
/// Checks passwords under Identity's lockout. An attempt is taken from the database before the password is looked at:
/// a hundred guesses sent at once count as a hundred.
/// </summary>
internal sealed class PasswordCheck(
    UserDirectory directory,
    UserManager<User> users,
    PasswordAttempts attempts,
    AbsentUser absent,
    AbsentAttempts absentAttempts,
    PasswordQueue queue,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<PasswordVerdict> CheckAsync(Credentials credentials, ClientAddress address, CancellationToken cancellationToken)
    {
        // First a turn: else a full queue would use up the attempts of whoever is attacked, and a flood would go to the database.
        var (turn, refused) = await queue.EnterAsync(address, credentials.Name, cancellationToken);
        if (turn is null)
        {
            return new PasswordVerdict.NotLookedAt(refused!);
        }

        using (turn)
        {
            var user = await directory.FindAsync(credentials.Contact, cancellationToken);
            return await CheckAsync(user, session: null, credentials, turn, cancellationToken);
        }
    }

    /// <summary>Why somebody who is logged in may not do what needs his password; null where it is right.</summary>
    public async Task<Problem?> RequireAsync(
        UserId id, string session, string? password, ClientAddress address, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(password))
        {
            return Problem.Missing("password");
        }

        var wrong = Problem.Of(new Error(ErrorKind.Refused, "password_wrong", "This is not your password.", "password"));
        return password.Length > PasswordRules.MaxLength
            ? wrong
            : await CheckAsync(id, session, password, address, cancellationToken) switch
            {
                PasswordVerdict.Right => await attempts.IsOpenAsync(id, session, cancellationToken) ? null : SessionGate.Over,
                PasswordVerdict.NotLookedAt { Why: var why } => why,
                PasswordVerdict.LockedOut locked => new Problem(
                    StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit, "account_locked",
                    "Too many wrong passwords. Try again later.", RetryAfter: locked.For),
                _ => wrong,
            };
    }

    // Of somebody who is logged in: what is wrong in his session locks that.
    private async Task<PasswordVerdict> CheckAsync(
        UserId id, string session, string password, ClientAddress address, CancellationToken cancellationToken)
    {
        var (turn, refused) = await queue.EnterAsync(address, id.Value, cancellationToken);
        if (turn is null)
        {
            return new PasswordVerdict.NotLookedAt(refused!);
        }

        using (turn)
        {
            return await directory.FindAsync(id, cancellationToken) is { } user
                ? await CheckAsync(user, session, new Credentials(null, null, password), turn, cancellationToken)
                : new PasswordVerdict.Wrong();
        }
    }

    private async Task<PasswordVerdict> CheckAsync(
        User? user, string? session, Credentials credentials, PasswordTurn turn, CancellationToken cancellationToken)
    {
        var taken = user is null
            ? await absentAttempts.TakeAsync(credentials, cancellationToken)
            : await attempts.TakeAsync(user.Id, session, cancellationToken);
        if (taken is { } until)
        {
            return new PasswordVerdict.LockedOut(until - time.GetUtcNow());
        }

        if (user is null)
        {
            // As slow as a real one, so that the clock does not tell who has an account.
            await turn.HashAsync(() => absent.Verify(credentials.Password));
            return new PasswordVerdict.Wrong();
        }

        if (!await VerifyAsync(user, credentials.Password, turn))
        {
            return new PasswordVerdict.Wrong();
        }

        await attempts.ForgetAsync(user.Id, session, cancellationToken);
        return new PasswordVerdict.Right(user);
    }

    // As Identity's own CheckPasswordAsync, but for the thread.
    private async Task<bool> VerifyAsync(User user, string password, PasswordTurn turn)
    {
        var hasher = users.PasswordHasher;
        var result = await turn.HashAsync(() => user.PasswordHash is { } hash
            ? hasher.VerifyHashedPassword(user, hash, password)
            : absent.Verify(password));
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            // With fewer rounds than today.
            user.PasswordHash = await turn.HashAsync(() => hasher.HashPassword(user, password));
            await users.UpdateSecurityStampAsync(user);
        }

        return result != PasswordVerificationResult.Failed;
    }
}
