namespace StellarPay.Grains.Network;

/// <summary>How far the follower has read. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.FollowerState")]
internal sealed class FollowerState
{
    /// <summary>The last paging token that all wallets have; null before the first start.</summary>
    [Id(0)] public long? Cursor { get; set; }

    /// <summary>The last ledger whose operations all wallets have: every ledger up to it was seen, empty ones too.</summary>
    [Id(1)] public long LastLedger { get; set; }

    /// <summary>That ledger's hash. Null before the first.</summary>
    [Id(2)] public string? LastLedgerHash { get; set; }

    /// <summary>When that ledger closed, by the network's clock.</summary>
    [Id(3)] public DateTimeOffset? LastClosedAt { get; set; }

    /// <summary>
    /// Some ledgers' hashes by their numbers, thinner as they go on: by these the network is known again should it have
    /// fewer ledgers than we have read.
    /// </summary>
    [Id(6)] public Dictionary<long, string> Anchors { get; set; } = [];
}
