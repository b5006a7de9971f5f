using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Sequence numbers and the preconditions on them (CAP-21).</summary>
internal static class SequenceRules
{
    /// <summary>The sequence number of an account created in this ledger.</summary>
    public static long StartingSequence(uint ledger) =>
        ledger > int.MaxValue ? throw new LedgerFault("the ledger sequence is too high") : (long)ledger << 32;

    public static bool IsBad(uint ledger, long current, TransactionFrame frame)
    {
        if (frame.Sequence == StartingSequence(ledger))
        {
            return true;
        }

        if (frame.MinSequence is { } least)
        {
            return current < least || current >= frame.Sequence;
        }

        return current == long.MaxValue || current + 1 != frame.Sequence;
    }

    /// <summary>Whether the account's sequence number changed too recently for the transaction.</summary>
    public static bool IsTooEarlyFor(Account account, Preconditions conditions, uint ledger, ulong closeTime)
    {
        var age = conditions.MinSequenceAge;
        var gap = conditions.MinSequenceLedgerGap;
        return age > closeTime
            || closeTime - age < account.SequenceTime
            || gap > ledger
            || ledger - gap < account.SequenceLedger;
    }

    /// <summary>Records that the account's sequence number changes in this ledger.</summary>
    public static Account WithSequence(HeaderState header, Account account, long sequence) => account with
    {
        Sequence = sequence,
        SequenceLedger = header.Sequence,
        SequenceTime = header.CloseTime,
        Extension = account.AtLeast(3),
    };
}
