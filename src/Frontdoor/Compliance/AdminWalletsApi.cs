using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>Freezing wallets and setting tiers.</summary>
internal static class AdminWalletsApi
{
    public static void MapAdminWallets(this RouteGroupBuilder admin)
    {
        admin.MapGet("/wallets/{id}", GetAsync).WithSummary("A wallet with its limits and whether it is frozen");
        admin.MapPost("/wallets/{id}/freeze", Order("wallet.freeze", (control, order) => control.FreezeAsync(order)))
            .WithSummary("Freeze a wallet: it can be paid, but cannot pay");
        admin.MapPost("/wallets/{id}/unfreeze", Order("wallet.unfreeze", (control, order) => control.UnfreezeAsync(order)))
            .WithSummary("Let a frozen wallet pay again");
        admin.MapPost("/wallets/{id}/reclaim", Order("wallet.reclaim", (control, order) => control.ReclaimAccountAsync(order)))
            .WithSummary("Give up the account of a wallet that holds nothing; its owner can open it again");
        admin.MapGet("/dormant-wallets", DormantWalletsApi.ListAsync).WithSummary("Open wallets that hold nothing and have long been idle");
        admin.MapPost("/users/{id}/tier", SetTierAsync).WithSummary("Say how well a user is known, which decides his limits");
    }

    private static async Task<Results<Ok<AdminWalletJson>, Problem>> GetAsync(
        string id, ClaimsPrincipal caller, AdminAudit audit, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!WalletId.TryParse(id, out var wallet))
        {
            return NoSuchWallet();
        }

        var found = await ControlOf(grains, wallet).GetControlAsync();
        if (found.IsSuccess)
        {
            await audit.RecordAsync(caller, "wallet.view", wallet.Value, detail: null, cancellationToken);
        }

        return Answer(found);
    }

    // An endpoint that has a wallet's control do something, for a reason that is written down.
    private static Delegate Order(string action, Func<IWalletControl, AdminOrder, Task<Result<WalletControlView>>> change) =>
        (string id, ReasonRequest request, ClaimsPrincipal caller, AdminAudit audit, IGrainFactory grains,
            CancellationToken cancellationToken) => ChangeAsync(
            WalletId.TryParse(id, out var wallet) ? wallet : null, action, new { reason = request.Reason }, request.Reason, caller, audit,
            grains, change, cancellationToken);

    private static async Task<Results<Ok<AdminWalletJson>, Problem>> SetTierAsync(
        string id,
        TierRequest request,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        CancellationToken cancellationToken) =>
        request.Tier is not { } tier
            ? Problem.Missing("tier")
            : await ChangeAsync(
                UserId.TryParse(id, out var user) ? WalletId.Of(user) : null,
                "wallet.tier_set",
                new { tier, reason = request.Reason },
                request.Reason,
                caller,
                audit,
                grains,
                (control, order) => control.SetTierAsync(order, tier),
                cancellationToken);

    private static async Task<Results<Ok<AdminWalletJson>, Problem>> ChangeAsync(
        WalletId? wallet,
        string action,
        object detail,
        string? reason,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        Func<IWalletControl, AdminOrder, Task<Result<WalletControlView>>> change,
        CancellationToken cancellationToken)
    {
        if (AdminReason.Check(reason) is { } bad)
        {
            return bad;
        }

        if (wallet is not { } id)
        {
            return NoSuchWallet();
        }

        var control = ControlOf(grains, id);
        var before = await control.GetControlAsync();
        if (!before.IsSuccess)
        {
            return Problem.Of(before.Error);
        }

        await audit.RecordAsync(caller, action, id.Value, detail, cancellationToken);
        return Answer(await change(control, new AdminOrder(caller.UserId(), reason!)));
    }

    private static Results<Ok<AdminWalletJson>, Problem> Answer(Result<WalletControlView> wallet) =>
        wallet.IsSuccess ? TypedResults.Ok(AdminWalletJson.Of(wallet.Value)) : Problem.Of(wallet.Error);

    private static Problem NoSuchWallet() =>
        Problem.Of(new Error(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet."));

    private static IWalletControl ControlOf(IGrainFactory grains, WalletId wallet) => grains.GetGrain<IWalletControl>(wallet.Value);
}

/// <summary>Why.</summary>
/// <param name="Reason">3 to 500 characters; kept in the audit log.</param>
internal sealed record ReasonRequest(string? Reason);

/// <summary>How well a user is known.</summary>
/// <param name="Tier">0 to 3.</param>
/// <param name="Reason">3 to 500 characters; kept in the audit log.</param>
internal sealed record TierRequest(int? Tier, string? Reason);
