namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Where in time a transaction is judged: the ledger that would take it, the close time known for it, and how many
/// seconds later than that the ledger may close.
/// </summary>
internal readonly record struct ValidationTime(uint Ledger, ulong CloseTime, ulong LatestCloseOffset)
{
    /// <summary>
    /// How many ledger intervals after the last close the network looks ahead for transactions that expire.
    /// </summary>
    public const int IntervalsAhead = 2;

    /// <summary>For the next ledger: last close, and two intervals plus what passed since then ahead.</summary>
    public static ValidationTime ForNextLedger(HeaderState last, ulong now, ulong intervalSeconds) => new(
        last.Sequence + 1,
        last.CloseTime,
        (intervalSeconds * IntervalsAhead) + (now > last.CloseTime ? now - last.CloseTime : 0));

    /// <summary>In the ledger that is being closed.</summary>
    public static ValidationTime Applying(HeaderState current) => new(current.Sequence, current.CloseTime, 0);
}
