using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Payments;

/// <summary>What there is to say of a payment's claimable balance, wherever it comes from.</summary>
internal sealed record ClaimSide(DateTimeOffset ReclaimableAfter, string? BalanceId, string? Status)
{
    public static ClaimSide? Of(ClaimableView? claim) => claim is null
        ? null
        : new ClaimSide(claim.ReclaimableAfter, claim.BalanceId, claim.Status is { } status ? StatusText.Of(status) : null);

    public static ClaimSide? Of(ClaimEventData? claim) =>
        claim is null ? null : new ClaimSide(claim.ReclaimableAfter, claim.BalanceId, claim.Status);

    public static ClaimSide? Of(HistoryClaim? claim) =>
        claim is null ? null : new ClaimSide(claim.ReclaimableAfter, claim.BalanceId, claim.Status);

    /// <summary>By which kind of operation a payment is made, as clients are told.</summary>
    public static string MethodOf(ClaimSide? claim, PayerSide? side) =>
        claim is not null ? "claimable_balance" : side is not null ? "path_payment" : "payment";
}
