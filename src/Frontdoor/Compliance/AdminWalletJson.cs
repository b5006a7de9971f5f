using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Compliance;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>A wallet as an administrator sees it.</summary>
/// <param name="Object">Always <c>wallet</c>.</param>
/// <param name="Id">The wallet's id, <c>wal_…</c>.</param>
/// <param name="Owner">The user whose it is, <c>usr_…</c>.</param>
/// <param name="Address">Its account on the network; null while it is unopened.</param>
/// <param name="Status"><c>unopened</c>, <c>opening</c>, <c>active</c>, <c>frozen</c>, <c>closing</c> or <c>closed</c>.</param>
/// <param name="FrozenAt">Since when it is frozen, or null.</param>
/// <param name="FrozenBy">The administrator who froze it, or null.</param>
/// <param name="FreezeReason">Why, or null.</param>
/// <param name="Limits">What it may move, and has moved.</param>
internal sealed record AdminWalletJson(
    string Object,
    string Id,
    string Owner,
    string? Address,
    string Status,
    DateTimeOffset? FrozenAt,
    string? FrozenBy,
    string? FreezeReason,
    LimitsJson Limits)
{
    public static AdminWalletJson Of(WalletControlView wallet) => new(
        "wallet",
        wallet.Id.Value,
        wallet.Owner.Value,
        wallet.Address,
        StatusText.Of(wallet.Status),
        wallet.FrozenAt,
        wallet.FrozenBy?.Value,
        wallet.FreezeReason,
        LimitsJson.Of(wallet.Limits));
}
