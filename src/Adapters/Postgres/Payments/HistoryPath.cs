namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>The payer's side of a payment that spends another asset than its recipient gets. Amounts are stroops.</summary>
/// <param name="SourceAsset">What the payer spends, in canonical form.</param>
/// <param name="SourceStroops">How much of it by the quote.</param>
/// <param name="SourceMaxStroops">The most that may leave the wallet.</param>
/// <param name="MinStroops">The least that the recipient gets.</param>
/// <param name="Hops">The assets in between, separated by commas, in order; empty without any.</param>
/// <param name="SentStroops">What left the wallet by the ledger's word; null until then.</param>
/// <param name="ReceivedStroops">What the recipient got by the ledger's word; null until then.</param>
public sealed record HistoryPath(
    string SourceAsset,
    long SourceStroops,
    long SourceMaxStroops,
    long MinStroops,
    string Hops,
    long? SentStroops,
    long? ReceivedStroops);
