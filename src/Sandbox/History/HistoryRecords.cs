using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.History;

/// <summary>A closed ledger with its transactions in the order in which they were applied. Amounts are stroops.</summary>
internal sealed class HistoryLedger
{
    public required uint Sequence { get; init; }

    public required Hash Hash { get; init; }

    public required Hash PreviousHash { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required long TotalCoins { get; init; }

    public required long FeePool { get; init; }

    public required uint BaseFee { get; init; }

    public required uint BaseReserve { get; init; }

    public required uint MaxTxSetSize { get; init; }

    public required uint Protocol { get; init; }

    public required Bytes Header { get; init; }

    public IReadOnlyList<HistoryTransaction> Transactions { get; set; } = [];

    public long Id => Toid.Of(Sequence);

    /// <summary>All but the transactions is in the header.</summary>
    public static HistoryLedger Of(LedgerHeader header, Hash hash) => new()
    {
        Sequence = header.Sequence,
        Hash = hash,
        PreviousHash = header.PreviousHash,
        ClosedAt = DateTimeOffset.FromUnixTimeSeconds((long)header.Value.CloseTime),
        TotalCoins = header.TotalCoins,
        FeePool = header.FeePool,
        BaseFee = header.BaseFee,
        BaseReserve = header.BaseReserve,
        MaxTxSetSize = header.MaxTxSetSize,
        Protocol = header.Version,
        Header = Bytes.Create(header.ToXdr()),
    };
}

/// <summary>A transaction that a ledger holds, with its XDR as it was submitted and answered.</summary>
internal sealed class HistoryTransaction
{
    public required HistoryLedger Ledger { get; init; }

    /// <summary>Its place in the ledger, from 1.</summary>
    public required int Index { get; init; }

    public required Hash Hash { get; init; }

    /// <summary>Of a fee-bump, the hash of the transaction that it wraps.</summary>
    public required Hash? InnerHash { get; init; }

    public required bool Successful { get; init; }

    public required long FeeCharged { get; init; }

    /// <summary>What the submitter was ready to pay.</summary>
    public required long MaxFee { get; init; }

    public required Bytes Envelope { get; init; }

    public required Bytes Result { get; init; }

    public required Bytes FeeMeta { get; init; }

    public required Bytes Meta { get; init; }

    public required ValueList<AccountId> Participants { get; init; }

    public IReadOnlyList<HistoryOperation> Operations { get; set; } = [];

    public long Id => Toid.Of(Ledger.Sequence, Index);
}

/// <summary>An operation of a transaction; what it did is in the transaction's envelope and result.</summary>
internal sealed class HistoryOperation
{
    public required HistoryTransaction Transaction { get; init; }

    /// <summary>Its place in the transaction, from 1.</summary>
    public required int Index { get; init; }

    public required OperationType Type { get; init; }

    /// <summary>Who sponsors the entry that it created.</summary>
    public required AccountId? Sponsor { get; init; }

    public required ValueList<AccountId> Participants { get; init; }

    /// <summary>The claimable balances that it created, claimed, clawed back or was otherwise about.</summary>
    public required ValueList<Hash> Balances { get; init; }

    public IReadOnlyList<HistoryEffect> Effects { get; set; } = [];

    public IReadOnlyList<HistoryTrade> Trades { get; set; } = [];

    public long Id => Toid.Of(Transaction.Ledger.Sequence, Transaction.Index, Index);

    public bool IsPayment => Type is OperationType.CreateAccount or OperationType.Payment or OperationType.AccountMerge
        or OperationType.PathPaymentStrictReceive or OperationType.PathPaymentStrictSend;
}

/// <summary>Something that an operation changed for an account; the details are a JSON object of Horizon's members.</summary>
internal sealed class HistoryEffect
{
    public required HistoryOperation Operation { get; init; }

    /// <summary>Its place among the operation's effects, from 1.</summary>
    public required int Order { get; init; }

    public required EffectType Type { get; init; }

    public required MuxedAccount Account { get; init; }

    public required Bytes Details { get; init; }

    public Position Position => new(Operation.Id, Order);
}

/// <summary>An offer that an operation crossed, from the side of its seller.</summary>
internal sealed class HistoryTrade
{
    public required HistoryOperation Operation { get; init; }

    /// <summary>Its place among the offers that the operation crossed, from 0.</summary>
    public required int Order { get; init; }

    public required long OfferId { get; init; }

    public required AccountId Seller { get; init; }

    public required Asset SoldAsset { get; init; }

    public required long Sold { get; init; }

    public required AccountId Buyer { get; init; }

    /// <summary>The buyer's own offer, where the operation left one in the book.</summary>
    public required long? BuyerOfferId { get; init; }

    public required Asset BoughtAsset { get; init; }

    public required long Bought { get; init; }

    /// <summary>What the seller asked of the bought asset for one of the sold one.</summary>
    public required Price Price { get; init; }

    public Position Position => new(Operation.Id, Order);
}
