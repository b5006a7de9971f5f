using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// The places of what some ledgers hold (SEP-35): of transactions by how many each ledger says it has, and of operations by how
/// many each transaction has. So what cannot be read can be passed over.
/// </summary>
internal sealed class LedgerPlaces(IReadOnlyList<LedgerRecord> ledgers)
{
    private const int LedgerShift = 32;
    private const int TransactionShift = 12;
    private const long OperationMask = (1L << TransactionShift) - 1;
    private const long InLedgerMask = (1L << LedgerShift) - 1;

    // The protocol's limit.
    private const int MostOperations = 100;

    /// <summary>Where the first ledger begins: a cursor before all that it holds.</summary>
    public long Beginning { get; } = BeginningOf(ledgers[0].Sequence);

    /// <summary>Where the ledger after the last begins.</summary>
    public long End { get; } = BeginningOf(ledgers[^1].Sequence + 1L);

    public static long BeginningOf(long ledger) => ledger << LedgerShift;

    public static long LedgerOf(long place) => place >> LedgerShift;

    /// <summary>The place of an operation's transaction.</summary>
    public static long TransactionOf(long place) => place & ~OperationMask;

    /// <summary>The place of the first transaction after one; <see cref="End"/> where there is none.</summary>
    public long NextTransaction(long after)
    {
        foreach (var ledger in ledgers)
        {
            if (ledger.Sequence < LedgerOf(after))
            {
                continue;
            }

            var number = ledger.Sequence == LedgerOf(after) ? ((after & InLedgerMask) >> TransactionShift) + 1 : 1;
            if (number <= ledger.SuccessfulTransactionCount + ledger.FailedTransactionCount)
            {
                return BeginningOf(ledger.Sequence) | (number << TransactionShift);
            }
        }

        return End;
    }

    /// <summary>The place of the first operation after one; <see cref="End"/> where there is none.</summary>
    /// <param name="after">A place of an operation, of a transaction or of a ledger's beginning.</param>
    /// <param name="operationsOf">How many operations the transaction at a place has; null where that is not known.</param>
    public long NextOperation(long after, Func<long, int?> operationsOf)
    {
        var isInTransaction = (after & InLedgerMask) >> TransactionShift > 0;
        if (isInTransaction && (after & OperationMask) < (operationsOf(TransactionOf(after)) ?? MostOperations))
        {
            return after + 1;
        }

        var next = NextTransaction(after);
        return next == End ? End : next + 1;
    }
}
