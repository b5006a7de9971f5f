using Microsoft.AspNetCore.Authentication.JwtBearer;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth;

/// <summary>Gives tokens to someone who has proven who he is.</summary>
internal sealed class Login(
    SessionStore sessions,
    AccessTokenIssuer tokens,
    UserDirectory directory,
    WalletOpener wallets,
    ContactSeal seal,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>A new session. Sees to the wallet too, if a crash came between the user's row and the wallet.</summary>
    /// <param name="user">Who he is.</param>
    /// <param name="client">From where.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="factorShown">Whether he has shown a second factor.</param>
    /// <param name="names">His names, where they are known already; else they are opened for the answer, which has them.</param>
    /// <returns>
    /// Nothing if his password was replaced while it was looked at, or if he has a second factor that he has not shown; or why he has to
    /// wait.
    /// </returns>
    public async Task<(SessionJson? Session, Problem? Refused)> OpenSessionAsync(
        User user, SessionClient client, CancellationToken cancellationToken, bool factorShown = false, UserNames? names = null)
    {
        names ??= await seal.OpenAsync(user, cancellationToken);
        var wallet = await wallets.TryEnsureAsync(user.UserId);
        var (session, refused) = AnswerOf(await sessions.OpenAsync(user, client, factorShown, cancellationToken));
        return session is null
            ? (null, refused)
            : (await WithTokensAsync(session, user.Role, UserJson.Of(user, names), wallet, cancellationToken), null);
    }

    /// <summary>The same for so long, without any token: only who opened it here can do anything by it.</summary>
    public async Task<(OpenSession? Session, Problem? Refused)> OpenWithoutTokensAsync(
        User user, SessionClient client, bool factorShown, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await wallets.TryEnsureAsync(user.UserId);
        return AnswerOf(await sessions.OpenAsync(user, client, factorShown, cancellationToken, lifetime));
    }

    /// <summary>The next tokens of a session.</summary>
    public Task<SessionJson> ContinueAsync(OpenSession session, CancellationToken cancellationToken) =>
        WithTokensAsync(session, role: null, user: null, wallet: null, cancellationToken);

    private (OpenSession? Session, Problem? Refused) AnswerOf((OpenSession? Session, DateTimeOffset? RetryAt) opened) =>
        (opened.Session, opened.RetryAt is { } retryAt
            ? new Problem(
                StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit, "too_many_sessions",
                "Very many sessions of this account were ended within a day. Try again later, or set a new password by a code.",
                RetryAfter: retryAt - time.GetUtcNow())
            : null);

    private async Task<SessionJson> WithTokensAsync(
        OpenSession session, string? role, UserJson? user, WalletJson? wallet, CancellationToken cancellationToken)
    {
        // Looked up for every token, for the token may be used where nobody looks the role up.
        role ??= await directory.FindRoleAsync(session.User, cancellationToken);
        var access = await tokens.IssueAsync(session, role, cancellationToken);
        return new SessionJson(
            "session",
            access.Text,
            JwtBearerDefaults.AuthenticationScheme,
            (int)Math.Ceiling((access.ExpiresAt - time.GetUtcNow()).TotalSeconds),
            session.Token.Text,
            session.ExpiresAt,
            user,
            wallet);
    }
}
