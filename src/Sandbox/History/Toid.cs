namespace StellarPay.Sandbox.History;

/// <summary>
/// Total order ids as Horizon has them (SEP-35): 32 bits of ledger, 20 of transaction and 12 of operation, both
/// counted from 1; a ledger's own id has neither, a transaction's no operation.
/// </summary>
internal static class Toid
{
    private const int LedgerShift = 32;
    private const int TransactionShift = 12;
    private const long TransactionMask = (1L << 20) - 1;
    private const long OperationMask = (1L << 12) - 1;

    public static long Of(uint ledger, int transaction = 0, int operation = 0) =>
        ((long)ledger << LedgerShift) | ((long)transaction << TransactionShift) | (uint)operation;

    /// <summary>The greatest id of the ledger: what the cursor <c>now</c> means.</summary>
    public static long AfterLedger(uint ledger) =>
        ((long)ledger << LedgerShift) | (TransactionMask << TransactionShift) | OperationMask;

    /// <summary>The greatest id within the transaction.</summary>
    public static long AfterTransaction(long id) => id | OperationMask;

    public static uint Ledger(long id) => (uint)(id >> LedgerShift);
}
