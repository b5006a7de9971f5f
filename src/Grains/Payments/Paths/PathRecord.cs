using StellarPay.Grains.Events;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>
/// What a path payment is besides a payment: the payer's side of it. Property names in stored JSON are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.PathRecord")]
internal sealed class PathRecord
{
    /// <summary>What the payer spends, in canonical form.</summary>
    [Id(0)] public string SourceAsset { get; set; } = "";

    /// <summary>How much of it the quote says.</summary>
    [Id(1)] public long SourceStroops { get; set; }

    /// <summary>The most that may leave the wallet; where the source is exact, that.</summary>
    [Id(2)] public long SourceMaxStroops { get; set; }

    /// <summary>The least that the recipient gets; where the amount is exact, that.</summary>
    [Id(3)] public long MinStroops { get; set; }

    /// <summary>The assets in between, in canonical form.</summary>
    [Id(4)] public List<string> Hops { get; set; } = [];

    /// <summary>What left the wallet by the ledger's word; null until then.</summary>
    [Id(5)] public long? SentStroops { get; set; }

    /// <summary>What the recipient got by the ledger's word; null until then.</summary>
    [Id(6)] public long? ReceivedStroops { get; set; }

    public PathView ToView() => new(
        new Amount(Asset.Parse(SourceAsset), SourceStroops), SourceMaxStroops, MinStroops, [.. Hops], SentStroops, ReceivedStroops);

    public PathEventData ToEventData(long stroops) => new(
        SourceAsset, Amount.Format(SourceStroops), Amount.Format(SourceMaxStroops), Amount.Format(MinStroops),
        ExchangeRate.Format(stroops, SourceStroops), [.. Hops], Format(SentStroops), Format(ReceivedStroops));

    private static string? Format(long? stroops) => stroops is { } known ? Amount.Format(known) : null;
}
