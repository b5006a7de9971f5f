using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>An operation that was applied, what came of it and which entries it changed.</summary>
internal sealed record AppliedOperation(
    EnvelopeView Envelope, int Index, OperationResult? Result, IReadOnlyList<EntryChange> Changes)
{
    public OperationBody Body => Envelope.Transaction.Operations[Index].Body;

    public MuxedAccount Source => Envelope.SourceOf(Index);

    /// <summary>The first change of an entry of this kind.</summary>
    public EntryChange? ChangeOf<TEntry>()
        where TEntry : LedgerObject
    {
        foreach (var change in Changes)
        {
            if (change.Either is TEntry)
            {
                return change;
            }
        }

        return null;
    }
}
