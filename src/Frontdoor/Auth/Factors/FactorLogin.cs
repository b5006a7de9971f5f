using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>The rest of a login that waits for a second factor, wherever it is asked for. What it opens is the caller's.</summary>
internal sealed class FactorLogin(LoginChallenges challenges, SecondFactor factors, UserDirectory directory)
{
    private static readonly Error NoChallenge = new(
        ErrorKind.Refused,
        "challenge_invalid",
        "This login waits no longer: it waits five minutes, for five tries, of the client that gave the password. Log in again.",
        "challenge");

    /// <summary>Looks at a factor, whose form has been checked.</summary>
    /// <param name="challenge">The login that waits.</param>
    /// <param name="shown">What is shown for it.</param>
    /// <param name="context">Whence it comes.</param>
    /// <param name="openAsync">Opens a session; nothing where the user is another since he was read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(T? Session, Problem? Refused)> AnswerAsync<T>(
        string challenge, ShownFactor shown, HttpContext context,
        Func<User, SessionClient, Task<(T? Session, Problem? Refused)>> openAsync, CancellationToken cancellationToken)
        where T : class
    {
        var client = SessionClient.Of(context);
        if (await challenges.TryAsync(challenge, client, cancellationToken) is not { } id)
        {
            return (null, Problem.Of(NoChallenge));
        }

        if (await factors.TakeAsync(id, session: null, shown, cancellationToken) is { } refused)
        {
            return (null, refused);
        }

        // Of several right answers at once one opens a session; and none does once the password is another.
        var (closed, stamp) = await challenges.CloseAsync(challenge, cancellationToken);
        if (!closed || await directory.FindAsync(id, cancellationToken) is not { } user || user.SecurityStamp != stamp)
        {
            return (null, Problem.Of(NoChallenge));
        }

        var (session, wait) = await openAsync(user, client);
        return session is not null ? (session, null) : (null, wait ?? Problem.Of(NoChallenge));
    }
}
