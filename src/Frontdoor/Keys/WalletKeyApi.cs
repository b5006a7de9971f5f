using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Compliance;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Keys;

/// <summary>The key of a wallet, which can be replaced while the address stays.</summary>
internal static class WalletKeyApi
{
    public static void MapWalletKey(this RouteGroupBuilder wallet)
    {
        wallet.MapGet("/key", GetAsync).WithSummary("Which key signs for the wallet");
        wallet.MapPost("/rotate-key", RotateAsync).WithSummary("Replace the key that signs for the wallet; the address stays")
            .WithMetadata(ConfirmedOnly.Because, StepUpOnly.Because);
    }

    public static void MapAdminWalletKey(this RouteGroupBuilder admin) =>
        admin.MapPost("/wallets/{id}/rotate-key", RotateForAsync)
            .WithSummary("Replace the key that signs for a wallet; the address stays");

    private static async Task<Results<Ok<WalletKeyJson>, Problem>> GetAsync(ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        var key = await KeysOf(grains, WalletId.Of(user)).GetKeyAsync(user);
        return key.IsSuccess ? TypedResults.Ok(WalletKeyJson.Of(key.Value)) : Problem.Of(key.Error);
    }

    private static async Task<Results<Accepted<WalletKeyJson>, Problem>> RotateAsync(
        ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var user = caller.UserId();
        return Answer(await KeysOf(grains, WalletId.Of(user)).RotateKeyAsync(user, cancellationToken), "/v1/wallet/key");
    }

    private static async Task<Results<Accepted<WalletKeyJson>, Problem>> RotateForAsync(
        string id,
        ReasonRequest request,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (AdminReason.Check(request.Reason) is { } bad)
        {
            return bad;
        }

        if (!WalletId.TryParse(id, out var wallet)
            || !(await grains.GetGrain<IWalletControl>(wallet.Value).GetControlAsync()).IsSuccess)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet."));
        }

        await audit.RecordAsync(caller, "wallet.rotate_key", wallet.Value, new { reason = request.Reason }, cancellationToken);
        var order = new AdminOrder(caller.UserId(), request.Reason!);
        return Answer(await KeysOf(grains, wallet).RotateKeyByAdminAsync(order), $"/v1/admin/wallets/{wallet.Value}");
    }

    private static Results<Accepted<WalletKeyJson>, Problem> Answer(Result<WalletKeyView> key, string location) =>
        key.IsSuccess ? TypedResults.Accepted(location, WalletKeyJson.Of(key.Value)) : Problem.Of(key.Error);

    private static IWalletKeysGrain KeysOf(IGrainFactory grains, WalletId wallet) =>
        grains.GetGrain<IWalletKeysGrain>(wallet.Value);
}

/// <summary>The key of a wallet.</summary>
/// <param name="Object">Always <c>wallet_key</c>.</param>
/// <param name="Version">Counts the keys that the wallet has had.</param>
/// <param name="Signer">The public key that signs.</param>
/// <param name="Pending">Whether another is about to replace it; payments wait until it has.</param>
internal sealed record WalletKeyJson(string Object, int Version, string Signer, bool Pending)
{
    public static WalletKeyJson Of(WalletKeyView view) => new("wallet_key", view.Version, view.Signer, view.Pending);
}
