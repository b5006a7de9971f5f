using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Me;

/// <summary>A user and his handle.</summary>
internal static class MeApi
{
    public static void MapMe(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        me.MapGet("", GetAsync).WithSummary("Who I am here").WithMetadata(Polled.Often);
        me.MapPut("/handle", SetHandleAsync).WithSummary("Choose the @handle by which others find me")
            .WithMetadata(ConfirmedOnly.Because);
    }

    private static Task<Results<Ok<MeJson>, Problem>> GetAsync(
        ClaimsPrincipal caller, MeReader reader, CancellationToken cancellationToken) =>
        reader.ReadAsync(caller.UserId(), cancellationToken);

    private static async Task<Results<Ok<MeJson>, Problem>> SetHandleAsync(
        HandleRequest request,
        ClaimsPrincipal caller,
        HandleBook handles,
        MeReader reader,
        LookupRateLimit lookups,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Handle))
        {
            return Problem.Missing("handle");
        }

        if (!Handle.TryParse(request.Handle, out var handle))
        {
            return Problem.Invalid("handle_invalid", Handle.Rule, "handle");
        }

        if (Handle.IsReserved(handle))
        {
            return Problem.Of(new Error(ErrorKind.Refused, "handle_reserved", "Nobody may have this handle.", "handle"));
        }

        // That one is taken tells that somebody is called so.
        if (await lookups.TakeAsync(caller.UserId(), $"@{handle}") is { } tooMany)
        {
            return Problem.Of(tooMany);
        }

        var (outcome, changeableAt) = await handles.SetAsync(caller.UserId(), handle, cancellationToken);
        return outcome switch
        {
            HandleOutcome.Taken => Problem.Of(new Error(ErrorKind.Conflict, "handle_taken", "Someone else has this handle.", "handle")),
            HandleOutcome.TooSoon => Problem.Of(new Error(
                ErrorKind.Refused,
                "handle_changed_recently",
                $"A handle can be changed every {HandleBook.ChangeEvery.Days} days; yours from {changeableAt:yyyy-MM-dd} on.",
                "handle")),
            _ => await reader.ReadAsync(caller.UserId(), cancellationToken),
        };
    }
}

/// <summary>A handle to have.</summary>
/// <param name="Handle">3 to 20 characters of a-z, 0-9 and _; the case does not matter.</param>
internal sealed record HandleRequest(string? Handle);
