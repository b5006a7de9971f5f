using System.Text.Json.Serialization;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record RootJson : IHorizonJson<HorizonRoot>
{
    [JsonPropertyName("_links")]
    public RootLinksJson? Links { get; init; }

    public string? NetworkPassphrase { get; init; }

    public uint? HistoryLatestLedger { get; init; }

    public uint HistoryElderLedger { get; init; }

    public uint CoreLatestLedger { get; init; }

    public int CurrentProtocolVersion { get; init; }

    public string? HorizonVersion { get; init; }

    public string? CoreVersion { get; init; }

    public HorizonRoot ToRecord() => new()
    {
        NetworkPassphrase = JsonField.Need(NetworkPassphrase, "network_passphrase"),
        HistoryLatestLedger = JsonField.Need(HistoryLatestLedger, "history_latest_ledger"),
        HistoryElderLedger = HistoryElderLedger,
        CoreLatestLedger = CoreLatestLedger,
        CurrentProtocolVersion = CurrentProtocolVersion,
        HorizonVersion = HorizonVersion ?? "",
        CoreVersion = CoreVersion ?? "",
        FriendbotUrl = Links?.Friendbot?.Href,
    };
}

internal sealed record RootLinksJson
{
    public LinkJson? Friendbot { get; init; }
}

internal sealed record LinkJson
{
    public string? Href { get; init; }
}

internal sealed record FeeStatsJson : IHorizonJson<FeeStats>
{
    public uint? LastLedger { get; init; }

    public long? LastLedgerBaseFee { get; init; }

    public decimal LedgerCapacityUsage { get; init; }

    public FeeDistributionJson? FeeCharged { get; init; }

    public FeeDistributionJson? MaxFee { get; init; }

    public FeeStats ToRecord() => new()
    {
        LastLedger = JsonField.Need(LastLedger, "last_ledger"),
        LastLedgerBaseFee = JsonField.Need(LastLedgerBaseFee, "last_ledger_base_fee"),
        LedgerCapacityUsage = LedgerCapacityUsage,
        FeeCharged = JsonField.Need(FeeCharged, "fee_charged").ToRecord(),
        MaxFee = JsonField.Need(MaxFee, "max_fee").ToRecord(),
    };
}

internal sealed record FeeDistributionJson
{
    public long? Min { get; init; }

    public long? Max { get; init; }

    public long? Mode { get; init; }

    public long? P50 { get; init; }

    public long? P80 { get; init; }

    public long? P95 { get; init; }

    public long? P99 { get; init; }

    public FeeDistribution ToRecord() => new(
        JsonField.Need(Min, "min"),
        JsonField.Need(Max, "max"),
        JsonField.Need(Mode, "mode"),
        JsonField.Need(P50, "p50"),
        JsonField.Need(P80, "p80"),
        JsonField.Need(P95, "p95"),
        JsonField.Need(P99, "p99"));
}
