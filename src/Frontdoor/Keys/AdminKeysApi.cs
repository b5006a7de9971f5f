using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Admin;
using StellarPay.Grains.Keys;

namespace StellarPay.Frontdoor.Keys;

/// <summary>Key-encryption keys, as administrators see and rotate them.</summary>
internal static class AdminKeysApi
{
    public static void MapAdminKeys(this RouteGroupBuilder admin)
    {
        admin.MapGet("/keys", GetAsync).WithSummary("Which keys wrap how many seeds, and how the rotation stands");
        admin.MapPost("/keys/rotate", RotateAsync).WithSummary("Have all data keys wrapped by the current key, in the background");
    }

    private static async Task<Ok<KeysJson>> GetAsync(
        ClaimsPrincipal caller, IGrainFactory grains, AdminAudit audit, CancellationToken cancellationToken)
    {
        await audit.RecordAsync(caller, "keys.view", IKeyRotationGrain.Key, detail: null, cancellationToken);
        return TypedResults.Ok(KeysJson.Of(await Rotation(grains).GetAsync()));
    }

    private static async Task<Accepted<KeysJson>> RotateAsync(
        ClaimsPrincipal caller, IGrainFactory grains, AdminAudit audit, CancellationToken cancellationToken)
    {
        await audit.RecordAsync(caller, "keys.rotate", IKeyRotationGrain.Key, detail: null, cancellationToken);
        return TypedResults.Accepted("/v1/admin/keys", KeysJson.Of(await Rotation(grains).StartAsync()));
    }

    private static IKeyRotationGrain Rotation(IGrainFactory grains) =>
        grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key);
}
