using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>What is known of a user, handed out to him; and the end of it.</summary>
internal static class PersonalDataApi
{
    public static void MapPersonalData(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        me.MapPost("/export", ExportAsync).WithMetadata(StepUpOnly.Because, NeverCompressed.Because)
            .WithSummary("All that is known of me, in one document");
        me.MapPost("/erase", EraseAsync).WithMetadata(StepUpOnly.Because)
            .WithSummary("Remove me, with all that neither the law nor the ledger keeps. The wallet must be closed");
    }

    private static async Task<Results<Ok<PersonalDataJson>, Problem>> ExportAsync(
        ClaimsPrincipal caller, PersonalDataReader reader, ExportRateLimit limit, CancellationToken cancellationToken)
    {
        var user = caller.UserId();
        if (await limit.TakeAsync(user.Value) is { } wait)
        {
            return Confirmation.TooMany(wait);
        }

        return await reader.ReadAsync(user, caller.SessionId(), cancellationToken) is { } data
            ? TypedResults.Ok(data)
            : Problem.Of(PersonalDataReader.NoSuchUser);
    }

    // From here on the request is carried out even if the caller hangs up.
    private static async Task<Results<NoContent, Problem>> EraseAsync(
        EraseRequest request, ClaimsPrincipal caller, Erasure erasure, HttpContext context, CancellationToken cancellationToken) =>
        await erasure.EraseAsync(
            caller.UserId(), caller.SessionId()!, request.Password, SessionFacts.Of(context), cancellationToken) is { } refused
                ? refused
                : TypedResults.NoContent();
}

/// <summary>Somebody who wants to be removed.</summary>
/// <param name="Password">His password.</param>
internal sealed record EraseRequest(string? Password);
