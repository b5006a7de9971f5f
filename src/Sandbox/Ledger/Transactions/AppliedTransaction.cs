using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What became of a transaction in its ledger, and what it changed, step by step.</summary>
internal sealed record AppliedTransaction(TransactionFrame Frame, TransactionResult Result)
{
    /// <summary>What taking the fee changed, before any transaction of the ledger was applied.</summary>
    public required IReadOnlyList<EntryChange> FeeChanges { get; init; }

    /// <summary>What using up the sequence number and one-time signers changed.</summary>
    public required IReadOnlyList<EntryChange> ChangesBefore { get; init; }

    /// <summary>What each operation changed; empty if the transaction failed.</summary>
    public required IReadOnlyList<IReadOnlyList<EntryChange>> OperationChanges { get; init; }

    public bool IsSuccess => Result.IsSuccess;

    /// <summary>
    /// The results of the operations, of the inner transaction if it is a fee bump; empty if none was applied.
    /// </summary>
    public IReadOnlyList<OperationResult> OperationResults =>
        Result.Inner is { } inner ? inner.Result.Operations : Result.Operations;

    /// <summary>The changes as Horizon's result_meta_xdr shows them.</summary>
    public TransactionMeta ToMeta() => new TransactionMetaV2(
        EntryXdr.ChangesOf(ChangesBefore),
        OperationChanges.Select(EntryXdr.ChangesOf).ToValueList(),
        new LedgerEntryChanges([]));

    /// <summary>The fee's changes as Horizon's fee_meta_xdr shows them.</summary>
    public LedgerEntryChanges ToFeeMeta() => EntryXdr.ChangesOf(FeeChanges);
}
