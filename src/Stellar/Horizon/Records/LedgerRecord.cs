using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>A closed ledger.</summary>
public sealed record LedgerRecord : IHorizonRecord
{
    /// <summary>Its number.</summary>
    public required uint Sequence { get; init; }

    /// <summary>Its hash.</summary>
    public required Hash Hash { get; init; }

    /// <summary>The hash of the one before.</summary>
    public Hash? PreviousHash { get; init; }

    /// <summary>Its close time, which time bounds are compared with.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>Transactions applied with success.</summary>
    public int SuccessfulTransactionCount { get; init; }

    /// <summary>Transactions that failed and paid their fee.</summary>
    public int FailedTransactionCount { get; init; }

    /// <summary>Operations of the successful transactions.</summary>
    public int OperationCount { get; init; }

    /// <summary>Operations of all its transactions, also of those that failed; null where Horizon does not say.</summary>
    public int? TransactionSetOperationCount { get; init; }

    /// <summary>The smallest fee for one operation, in stroops.</summary>
    public long BaseFee { get; init; }

    /// <summary>Half the smallest balance of an account, and the reserve for one entry, in stroops.</summary>
    public long BaseReserve { get; init; }

    /// <summary>The version of the protocol.</summary>
    public int ProtocolVersion { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }
}
