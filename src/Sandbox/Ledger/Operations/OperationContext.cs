using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What all operations of a transaction share.</summary>
internal sealed class TransactionContext
{
    public TransactionContext(
        LedgerState state, TransactionFrame frame, IReadOnlyDictionary<AccountId, long>? highestSequences = null)
    {
        State = state;
        Frame = frame;
        HighestSequences = highestSequences;
        Reserves = new EntryReserves(state, Sponsorships);
        SignerReserves = new SignerReserves(state, Sponsorships);
        Exchange = new OfferExchange(state, Reserves);
    }

    public LedgerState State { get; }

    public TransactionFrame Frame { get; }

    public Sponsorships Sponsorships { get; } = new();

    public EntryReserves Reserves { get; }

    public SignerReserves SignerReserves { get; }

    public OfferExchange Exchange { get; }

    /// <summary>
    /// The highest sequence number that each account uses in this ledger; there only if some transaction of it merges.
    /// </summary>
    public IReadOnlyDictionary<AccountId, long>? HighestSequences { get; }
}

/// <summary>One operation's place in its transaction, and its source account.</summary>
internal sealed record OperationContext(TransactionContext Transaction, AccountId Source, uint Index)
{
    public LedgerState State => Transaction.State;
}
