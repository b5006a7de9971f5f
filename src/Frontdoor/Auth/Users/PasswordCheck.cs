using Microsoft.AspNetCore.Identity;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
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

    /// <summary>It was not looked at, and counts as no attempt; or it was right, and opens nothing for a while.</summary>
    public sealed record Refused(Problem Why) : PasswordVerdict;
}

/// <summary>
/// Checks passwords under Identity's lockout. An attempt is taken from the database before the password is looked at:
/// a hundred guesses sent at once count as a hundred.
/// </summary>
internal sealed class PasswordCheck(
    UserDirectory directory,
    UserManager<User> users,
    PasswordAttempts attempts,
    LoginAttempts loginAttempts,
    AbsentUser absent,
    PasswordQueue queue,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<PasswordVerdict> CheckAsync(Credentials credentials, LoginPlace place, CancellationToken cancellationToken)
    {
        // First a turn: else a full queue would use up the attempts of whoever is attacked, and a flood would go to the database.
        var (turn, refused) = await queue.EnterAsync(place.Address, credentials.Name, cancellationToken);
        if (turn is null)
        {
            return new PasswordVerdict.Refused(refused!);
        }

        using (turn)
        {
            var user = await directory.FindAsync(credentials.Contact, cancellationToken);
            if (await loginAttempts.TakeAsync(credentials.Contact, user?.Id, place, cancellationToken) is { } until)
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

            await loginAttempts.RightAsync(credentials.Contact, user.Id, place, cancellationToken);
            return new PasswordVerdict.Right(user);
        }
    }

    /// <summary>Why somebody who is logged in may not do what needs his password; null where it is right.</summary>
    public async Task<Problem?> RequireAsync(
        UserId id, string session, string? password, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(password))
        {
            return Problem.Missing("password");
        }

        var wrong = Problem.Of(new Error(ErrorKind.Refused, "password_wrong", "This is not your password.", "password"));
        return password.Length > PasswordRules.MaxLength
            ? wrong
            : await CheckAsync(id, session, password, cancellationToken) switch
            {
                PasswordVerdict.Right => await attempts.IsOpenAsync(id, session, cancellationToken) ? null : SessionGate.Over,
                PasswordVerdict.Refused { Why: var why } => why,
                PasswordVerdict.LockedOut locked => new Problem(
                    StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit, "account_locked",
                    "Too many wrong passwords. Try again later.", RetryAfter: locked.For),
                _ => wrong,
            };
    }

    // Of somebody who is logged in: what is wrong in his session locks that.
    private async Task<PasswordVerdict> CheckAsync(
        UserId id, string session, string password, CancellationToken cancellationToken)
    {
        var (turn, refused) = await queue.EnterAsync(id, cancellationToken);
        if (turn is null)
        {
            return new PasswordVerdict.Refused(refused!);
        }

        using (turn)
        {
            return await directory.FindAsync(id, cancellationToken) is { } user
                ? await CheckAsync(user, session, password, turn, cancellationToken)
                : new PasswordVerdict.Wrong();
        }
    }

    private async Task<PasswordVerdict> CheckAsync(
        User user, string session, string password, PasswordTurn turn, CancellationToken cancellationToken)
    {
        if (await attempts.TakeAsync(user.Id, session, cancellationToken) is { } until)
        {
            return new PasswordVerdict.LockedOut(until - time.GetUtcNow());
        }

        if (!await VerifyAsync(user, password, turn))
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
