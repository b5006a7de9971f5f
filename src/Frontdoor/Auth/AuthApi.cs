using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Wallets;

namespace StellarPay.Frontdoor.Auth;

/// <summary>Sign-up, login and the life of a session.</summary>
internal static class AuthApi
{
    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/v1/auth").WithTags("Auth").RequireRateLimiting(RateLimitNames.Auth)
            .WithMetadata(NeverCompressed.Because);
        auth.MapPost("/signup", SignUpAsync).WithSummary("Sign up with e-mail or phone; a code that confirms it is sent there");
        auth.MapPost("/login", LoginAsync).WithSummary("Log in; whoever has a second factor gets a challenge, to be answered at /v1/auth/challenge");
        auth.MapPost("/refresh", RefreshAsync).WithSummary("Exchange a refresh token for new tokens; for 30 seconds the same client gets the same again");
        auth.MapPost("/logout", LogoutAsync).WithSummary("End a session");
        routes.MapJwks();
    }

    private static async Task<Results<Created<SessionJson>, Problem>> SignUpAsync(
        SignUpRequest request,
        SignUp signUp,
        Login login,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var (credentials, bad) = Credentials.ForSignUp(request);
        if (credentials is null)
        {
            return bad!;
        }

        var (profile, unread) = ProfileChange.Read(request);
        if (profile is null)
        {
            return unread!;
        }

        var (user, codeSentAt, refused) = await signUp.CreateAsync(credentials, profile, ClientAddress.Of(context), cancellationToken);
        if (user is null)
        {
            return refused!;
        }

        var (session, _) = await login.OpenSessionAsync(user, SessionClient.Of(context), cancellationToken, names: credentials.Names);
        return session is null
            ? throw new InvalidOperationException("The password of a user who has just signed up was replaced.")
            : TypedResults.Created("/v1/wallet", session with { CodeSentAt = codeSentAt });
    }

    private static async Task<Results<Ok<SessionJson>, Accepted<LoginChallengeJson>, Problem>> LoginAsync(
        LoginRequest request,
        LoginRation ration,
        PasswordCheck passwords,
        Login login,
        LoginChallenges challenges,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var (credentials, bad) = Credentials.ForLogin(request);
        if (credentials is null)
        {
            return bad!;
        }

        var place = LoginPlace.Of(context);
        if (await ration.TakeAsync(credentials, place, cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        var (verdict, session, challenge) = await EnterAsync();
        if (verdict is PasswordVerdict.Right && session is null && challenge is null)
        {
            // Replaced, or hashed anew by another login, while it was looked at, or a factor was added: it is to be seen again.
            (verdict, session, challenge) = await EnterAsync();
        }

        return verdict switch
        {
            PasswordVerdict.Right when session is not null => TypedResults.Ok(session),
            PasswordVerdict.Right when challenge is not null => TypedResults.Accepted("/v1/auth/challenge", challenge),
            PasswordVerdict.Refused { Why: var why } => why,
            PasswordVerdict.LockedOut locked => new Problem(
                StatusCodes.Status429TooManyRequests,
                ErrorTypes.RateLimit,
                "account_locked",
                "Too many wrong passwords. Try again later.",
                RetryAfter: locked.For),
            _ => Problem.Unauthenticated("invalid_credentials", "There is no such account, or the password is wrong."),
        };

        async Task<(PasswordVerdict Verdict, SessionJson? Session, LoginChallengeJson? Challenge)> EnterAsync()
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

            var (opened, refused) = await login.OpenSessionAsync(user, place.Client, cancellationToken);
            return (refused is null ? looked : new PasswordVerdict.Refused(refused), opened, null);
        }
    }

    private static async Task<Results<Ok<SessionJson>, Problem>> RefreshAsync(
        RefreshRequest request,
        RefreshRateLimit perSession,
        SessionStore sessions,
        Login login,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.RefreshToken))
        {
            return Problem.Missing("refresh_token");
        }

        var isToken = RefreshToken.TryParse(request.RefreshToken, out var token);
        if (isToken && await perSession.TakeAsync(token!.FamilyHash) is { } tooMany)
        {
            return tooMany;
        }

        var (outcome, session) = isToken
            ? await sessions.RotateAsync(token!, SessionClient.Of(context), cancellationToken)
            : (RefreshOutcome.Unknown, null);
        return outcome switch
        {
            RefreshOutcome.Rotated or RefreshOutcome.Repeated => TypedResults.Ok(await login.ContinueAsync(session!, cancellationToken)),
            RefreshOutcome.Expired => Refused("refresh_token_expired", "The refresh token has ended. Log in again."),
            RefreshOutcome.Revoked => Refused("refresh_token_revoked", "The session was ended. Log in again."),
            RefreshOutcome.Reused => Refused(
                "refresh_token_reused", "The refresh token was used before; the session is ended. Log in again."),
            _ => Refused("refresh_token_invalid", "This is not a refresh token of ours."),
        };
    }

    private static async Task<Results<NoContent, Problem>> LogoutAsync(
        LogoutRequest? request, ClaimsPrincipal caller, SessionBook sessions, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(request?.RefreshToken))
        {
            if (!RefreshToken.TryParse(request.RefreshToken, out var token))
            {
                return Refused("refresh_token_invalid", "This is not a refresh token of ours.");
            }

            await sessions.LogOutAsync(token, cancellationToken);
            return TypedResults.NoContent();
        }

        if (caller.SessionId() is not { } session)
        {
            return Problem.Unauthenticated("unauthenticated", "Send the session's access token or its refresh token.");
        }

        await sessions.LogOutAsync(session, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Problem Refused(string code, string message) =>
        Problem.Unauthenticated(code, message, "refresh_token");
}
