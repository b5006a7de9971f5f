using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Auth;

/// <summary>What came of a name and a password: one of the three.</summary>
/// <param name="Session">What was opened.</param>
/// <param name="Challenge">That a second factor is still to be shown.</param>
/// <param name="Refused">Why there is neither.</param>
internal sealed record PasswordOutcome<T>(T? Session, LoginChallengeJson? Challenge, Problem? Refused)
    where T : class;

/// <summary>
/// A login by a password, wherever it is asked for: one way, so that what is counted of wrong ones is counted together. What a right one
/// opens is the caller's.
/// </summary>
internal sealed class PasswordLogin(LoginRation ration, PasswordCheck passwords, LoginChallenges challenges)
{
    /// <summary>Looks at a password.</summary>
    /// <param name="request">Who he says that he is.</param>
    /// <param name="context">Whence it comes.</param>
    /// <param name="openAsync">Opens a session for one who has no second factor; nothing where the user is another since he was read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<PasswordOutcome<T>> EnterAsync<T>(
        LoginRequest request, HttpContext context, Func<User, SessionClient, Task<(T? Session, Problem? Refused)>> openAsync,
        CancellationToken cancellationToken)
        where T : class
    {
        var (credentials, bad) = Credentials.ForLogin(request);
        if (credentials is null)
        {
            return new(null, null, bad!);
        }

        var place = LoginPlace.Of(context);
        if (await ration.TakeAsync(credentials, place, cancellationToken) is { } tooMany)
        {
            return new(null, null, tooMany);
        }

        var (verdict, session, challenge) = await EnterAsync();
        if (verdict is PasswordVerdict.Right && session is null && challenge is null)
        {
            // Replaced, or hashed anew by another login, while it was looked at, or a factor was added: it is to be seen again.
            (verdict, session, challenge) = await EnterAsync();
        }

        return verdict switch
        {
            PasswordVerdict.Right when session is not null || challenge is not null => new(session, challenge, null),
            PasswordVerdict.Refused { Why: var why } => new(null, null, why),
            PasswordVerdict.LockedOut locked => new(null, null, new Problem(
                StatusCodes.Status429TooManyRequests,
                ErrorTypes.RateLimit,
                "account_locked",
                "Too many wrong passwords. Try again later.",
                RetryAfter: locked.For)),
            _ => new(null, null, Problem.Unauthenticated("invalid_credentials", "There is no such account, or the password is wrong.")),
        };

        async Task<(PasswordVerdict Verdict, T? Session, LoginChallengeJson? Challenge)> EnterAsync()
        {
            var looked = await passwords.CheckAsync(credentials, place, cancellationToken);
            if (looked is not PasswordVerdict.Right { User: var user })
            {
                return (looked, null, null);
            }

            if (user.TwoFactorEnabled)
            {
                return (looked, null, await challenges.OpenAsync(user, place.Client, cancellationToken));
            }

            var (opened, refused) = await openAsync(user, place.Client);
            return (refused is null ? looked : new PasswordVerdict.Refused(refused), opened, null);
        }
    }
}
