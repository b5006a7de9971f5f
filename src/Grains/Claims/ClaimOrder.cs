namespace StellarPay.Grains.Claims;

/// <summary>A balance to be claimed.</summary>
/// <param name="Subject">What the claim belongs to.</param>
/// <param name="BalanceId">Which.</param>
/// <param name="Alone">Whether it is to share its transaction with no other.</param>
internal sealed record ClaimOrder(string Subject, string BalanceId, bool Alone = false);
