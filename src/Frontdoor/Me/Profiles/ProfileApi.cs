using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>What a user says of himself and wants to be told.</summary>
internal static class ProfileApi
{
    private const string Why = "it changes what you are told of your money.";

    public static void MapProfile(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/v1/me", ChangeAsync).WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api)
        .WithSummary("Change my language, time zone and what I am told, as a JSON merge patch");

    private static async Task<Results<Ok<MeJson>, Problem>> ChangeAsync(
        ProfileRequest request,
        ClaimsPrincipal caller,
        ProfileBook profiles,
        MeReader reader,
        OwnerProof proof,
        ChangeRateLimit limit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var (change, problem) = ProfileChange.Read(request);
        if (problem is not null)
        {
            return problem;
        }

        var user = caller.UserId();
        if (change!.IsEmpty)
        {
            return await reader.ReadAsync(user, cancellationToken);
        }

        // Whoever has found a session is not to switch off what its owner would be told of him. Without proof first: whether anything of
        // that would be other than before, the database knows.
        var outcome = await profiles.ChangeAsync(user, caller.SessionId()!, change, proven: false, cancellationToken);
        if (outcome == ProfileOutcome.ProofNeeded)
        {
            if ((await proof.CheckAsync(request.Password, Why, user, context, cancellationToken)
                ?? await limit.TakeAsync(SecurityChange.Notices, caller)) is { } refused)
            {
                return refused;
            }

            outcome = await profiles.ChangeAsync(user, caller.SessionId()!, change, proven: true, cancellationToken);
        }

        return outcome == ProfileOutcome.Done ? await reader.ReadAsync(user, cancellationToken) : SessionGate.Over;
    }
}
