namespace StellarPay.Grains.Events;

/// <summary>
/// The payer's side of a payment that spends another asset than its recipient gets. Amounts are decimal strings; assets
/// are in canonical form.
/// </summary>
/// <param name="SourceAsset">What the payer spends.</param>
/// <param name="SourceAmount">How much of it by the quote.</param>
/// <param name="SourceMax">The most that may leave the wallet.</param>
/// <param name="AmountMin">The least that the recipient gets.</param>
/// <param name="Rate">What arrives for one of what is sent, by the quote.</param>
/// <param name="Path">The assets in between, in order.</param>
/// <param name="Sent">What left the wallet by the ledger's word; null until then.</param>
/// <param name="Received">What the recipient got by the ledger's word; null until then.</param>
public sealed record PathEventData(
    string SourceAsset, string SourceAmount, string SourceMax, string AmountMin, string Rate, IReadOnlyList<string> Path,
    string? Sent, string? Received);
