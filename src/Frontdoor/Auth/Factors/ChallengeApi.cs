using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>A second factor is shown: to log in, or again for what needs it.</summary>
internal static class ChallengeApi
{
    /// <summary>There is nothing that could be shown.</summary>
    public static readonly Error NoFactor = new(
        ErrorKind.Conflict, "no_second_factor", "You have no second factor. Set one up at /v1/me/totp.");

    public static void MapChallenges(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/v1/auth").WithTags("Auth").RequireRateLimiting(RateLimitNames.Auth)
            .WithMetadata(NeverCompressed.Because);
        auth.MapPost("/challenge", AnswerAsync).WithSummary("Go on with a login by a second factor");
        auth.MapPost("/step-up", StepUpAsync).RequireAuthorization()
            .WithSummary("Show the second factor again, for what asks for it with step_up_required");
    }

    private static async Task<Results<Ok<SessionJson>, Problem>> AnswerAsync(
        ChallengeRequest request, FactorLogin factors, Login login, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Challenge))
        {
            return Problem.Missing("challenge");
        }

        if (SecondFactor.CheckForm(request.Code, request.RecoveryCode) is { } malformed)
        {
            return malformed;
        }

        var (session, refused) = await factors.AnswerAsync(
            request.Challenge, new ShownFactor(request.Code, request.RecoveryCode), context,
            (user, client) => login.OpenSessionAsync(user, client, cancellationToken, factorShown: true), cancellationToken);
        return session is not null ? TypedResults.Ok(session) : refused!;
    }

    private static async Task<Results<Ok<StepUpJson>, Problem>> StepUpAsync(
        StepUpRequest request,
        ClaimsPrincipal caller,
        SecondFactor factors,
        StepUp stepUp,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (SecondFactor.CheckForm(request.Code, request.RecoveryCode) is { } malformed)
        {
            return malformed;
        }

        if (!SessionFacts.Of(context).HasFactor)
        {
            return Problem.Of(NoFactor);
        }

        var until = stepUp.Until;
        return await factors.TakeAsync(
            caller.UserId(), caller.SessionId(), new ShownFactor(request.Code, request.RecoveryCode), cancellationToken) is { } refused
                ? refused
                : TypedResults.Ok(new StepUpJson("step_up", until));
    }
}

/// <summary>The rest of a login.</summary>
/// <param name="Challenge">The challenge of /v1/auth/login.</param>
/// <param name="Code">Six digits of the authenticator; or else a recovery code.</param>
/// <param name="RecoveryCode">A recovery code, which is used up by it.</param>
internal sealed record ChallengeRequest(string? Challenge, string? Code, string? RecoveryCode);

/// <summary>A second factor, once more.</summary>
/// <param name="Code">Six digits of the authenticator; or else a recovery code.</param>
/// <param name="RecoveryCode">A recovery code, which is used up by it.</param>
internal sealed record StepUpRequest(string? Code, string? RecoveryCode);

/// <summary>A second factor was shown in this session.</summary>
/// <param name="Object">Always <c>step_up</c>.</param>
/// <param name="ExpiresAt">Until when what needs it is let through.</param>
internal sealed record StepUpJson(string Object, DateTimeOffset ExpiresAt);
