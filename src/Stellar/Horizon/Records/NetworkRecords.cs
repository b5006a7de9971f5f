namespace StellarPay.Stellar.Horizon;

/// <summary>What a Horizon instance says of itself and its network.</summary>
public sealed record HorizonRoot
{
    /// <summary>The network's passphrase.</summary>
    public required string NetworkPassphrase { get; init; }

    /// <summary>The last ledger that this instance can tell about.</summary>
    public required uint HistoryLatestLedger { get; init; }

    /// <summary>The first ledger that this instance can tell about.</summary>
    public uint HistoryElderLedger { get; init; }

    /// <summary>The last ledger of the stellar-core behind it.</summary>
    public uint CoreLatestLedger { get; init; }

    /// <summary>The protocol version in force.</summary>
    public int CurrentProtocolVersion { get; init; }

    /// <summary>Version of Horizon.</summary>
    public string HorizonVersion { get; init; } = "";

    /// <summary>Version of stellar-core.</summary>
    public string CoreVersion { get; init; } = "";

    /// <summary>Where friendbot is, on networks that have one.</summary>
    public string? FriendbotUrl { get; init; }
}

/// <summary>What fees the last five ledgers took; stroops for one operation.</summary>
public sealed record FeeStats
{
    /// <summary>The last of those ledgers.</summary>
    public required uint LastLedger { get; init; }

    /// <summary>Its base fee.</summary>
    public required long LastLedgerBaseFee { get; init; }

    /// <summary>How full the ledgers were, 0 to 1.</summary>
    public decimal LedgerCapacityUsage { get; init; }

    /// <summary>What was charged.</summary>
    public required FeeDistribution FeeCharged { get; init; }

    /// <summary>What was offered.</summary>
    public required FeeDistribution MaxFee { get; init; }
}

/// <summary>Fees by percentile; stroops for one operation.</summary>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Mode">The most frequent.</param>
/// <param name="P50">The median.</param>
/// <param name="P80">80 of 100 are at or below.</param>
/// <param name="P95">95 of 100 are at or below.</param>
/// <param name="P99">99 of 100 are at or below.</param>
public sealed record FeeDistribution(long Min, long Max, long Mode, long P50, long P80, long P95, long P99);
