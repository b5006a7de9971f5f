using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// The ledger header's fields that the rules read and change. Amounts are stroops, times unix seconds.
/// </summary>
internal sealed record HeaderState
{
    public const uint Protocol = 19;

    public required uint Sequence { get; init; }

    public required ulong CloseTime { get; init; }

    public required uint BaseFee { get; init; }

    public required uint BaseReserve { get; init; }

    /// <summary>How many operations a ledger takes.</summary>
    public required uint MaxTxSetSize { get; init; }

    public required long TotalCoins { get; init; }

    public long FeePool { get; init; }

    public ulong IdPool { get; init; }

    public uint InflationSequence { get; init; }

    public Hash PreviousLedgerHash { get; init; }

    public Hash TxSetHash { get; init; }

    public Hash TxSetResultHash { get; init; }

    public Hash BucketListHash { get; init; }

    /// <summary>Hashes of bucket lists long past.</summary>
    public LedgerSkipList SkipList { get; init; }
}
