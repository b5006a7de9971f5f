namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>A payment that waits, or waited, on the ledger as a claimable balance.</summary>
/// <param name="ReclaimableAfter">From when on the payer can have it back.</param>
/// <param name="BalanceId">Its id on the network; null before it is there.</param>
/// <param name="Status">Where it stands, in snake_case; null before it is there.</param>
public sealed record HistoryClaim(DateTimeOffset ReclaimableAfter, string? BalanceId, string? Status);
