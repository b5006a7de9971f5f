using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>Where a user is logged in, and the end of it.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/v1/sessions").WithTags("Sessions")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Sessions);
        sessions.MapGet("", ListAsync).WithSummary("Where I am logged in, the newest first");
        sessions.MapDelete("", EndOthersAsync).WithSummary("Log out everywhere else");
        sessions.MapDelete("/{id}", EndAsync).WithSummary("Log out there; nothing moves with its tokens from then on");
    }

    private static async Task<Ok<Page<ActiveSessionJson>>> ListAsync(
        ClaimsPrincipal caller, SessionBook sessions, CancellationToken cancellationToken)
    {
        var all = await sessions.ListAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new Page<ActiveSessionJson>(
            "list", [.. all.Select(session => ActiveSessionJson.Of(session, caller.SessionId()))], HasMore: false));
    }

    private static async Task<Results<NoContent, Problem>> EndOthersAsync(
        ClaimsPrincipal caller, SessionBook sessions, CancellationToken cancellationToken) =>
        await sessions.RevokeOthersAsync(caller.UserId(), caller.SessionId()!, cancellationToken)
            ? TypedResults.NoContent()
            : SessionGate.Over;

    private static async Task<Results<NoContent, Problem>> EndAsync(
        string id, ClaimsPrincipal caller, SessionBook sessions, CancellationToken cancellationToken) =>
        (OpenSession.IsId(id)
            ? await sessions.RevokeAsync(caller.UserId(), caller.SessionId()!, id, cancellationToken)
            : EndOutcome.None) switch
        {
            EndOutcome.Done => TypedResults.NoContent(),
            EndOutcome.CallerEnded => SessionGate.Over,
            _ => Problem.Of(new Error(ErrorKind.NotFound, "session_not_found", "You have no such session.")),
        };
}

/// <summary>A session in the list of a user's own.</summary>
/// <param name="Object">Always <c>active_session</c>.</param>
/// <param name="Id">Its id, <c>ses_…</c>.</param>
/// <param name="UserAgent">What the client called itself when it logged in, at most 256 characters; null where it did not.</param>
/// <param name="CreatedAt">When the user logged in.</param>
/// <param name="LastUsedAt">The hour in which its refresh token was exchanged last.</param>
/// <param name="ExpiresAt">When it ends unless its refresh token is exchanged.</param>
/// <param name="Current">Whether it is the session of this request.</param>
internal sealed record ActiveSessionJson(
    string Object,
    string Id,
    string? UserAgent,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt,
    bool Current)
{
    public static ActiveSessionJson Of(LiveSession session, string? current) => new(
        "active_session", session.Id, session.UserAgent, session.CreatedAt, HourOf(session.LastUsedAt), session.ExpiresAt,
        session.Id == current);

    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerHour), time.Offset);
}
