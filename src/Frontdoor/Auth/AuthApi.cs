using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
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
        LoginRequest request, PasswordLogin passwords, Login login, HttpContext context, CancellationToken cancellationToken) =>
        await passwords.EnterAsync(
            request, context, (user, client) => login.OpenSessionAsync(user, client, cancellationToken), cancellationToken) switch
        {
            { Session: { } session } => TypedResults.Ok(session),
            { Challenge: { } challenge } => TypedResults.Accepted("/v1/auth/challenge", challenge),
            var outcome => outcome.Refused!,
        };

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
