namespace StellarPay.Stellar.Xdr;

/// <summary>When a claim predicate holds, by the close time of a ledger.</summary>
/// <remarks>
/// Source: CAP-23. The ledger stores times that count from the balance's creation as moments, so a predicate of a balance
/// never holds a relative time; one that does is taken for not met.
/// </remarks>
public static class ClaimTimes
{
    /// <summary>Whether a ledger that closes at a moment lets the claimant claim.</summary>
    /// <param name="predicate">The claimant's predicate.</param>
    /// <param name="unixSeconds">When the ledger closes, in Unix seconds.</param>
    public static bool IsMetAt(this ClaimPredicate predicate, long unixSeconds) => predicate switch
    {
        ClaimUnconditional => true,
        ClaimAnd and => and.Operands.All(operand => operand.IsMetAt(unixSeconds)),
        ClaimOr or => or.Operands.Any(operand => operand.IsMetAt(unixSeconds)),
        ClaimNot { Operand: { } operand } => !operand.IsMetAt(unixSeconds),
        ClaimBeforeAbsoluteTime before => unixSeconds < before.UnixSeconds,
        _ => false,
    };

    /// <summary>The predicate with the times that count from its creation as moments, as the ledger stores it.</summary>
    /// <param name="predicate">A claimant's predicate, as an operation names it.</param>
    /// <param name="unixSeconds">When the ledger closed that created the balance, in Unix seconds.</param>
    public static ClaimPredicate MadeAbsolute(this ClaimPredicate predicate, long unixSeconds) => predicate switch
    {
        ClaimAnd and => new ClaimAnd([.. and.Operands.Select(operand => operand.MadeAbsolute(unixSeconds))]),
        ClaimOr or => new ClaimOr([.. or.Operands.Select(operand => operand.MadeAbsolute(unixSeconds))]),
        ClaimNot not => new ClaimNot(not.Operand?.MadeAbsolute(unixSeconds)),
        ClaimBeforeRelativeTime relative => new ClaimBeforeAbsoluteTime(
            unixSeconds > long.MaxValue - relative.Seconds ? long.MaxValue : unixSeconds + relative.Seconds),
        _ => predicate,
    };

    /// <summary>The first moment, at or after another, at which a predicate holds; null if it never will.</summary>
    /// <param name="predicate">The claimant's predicate.</param>
    /// <param name="unixSeconds">Moments before this, in Unix seconds, do not count.</param>
    public static long? FirstMetFrom(this ClaimPredicate predicate, long unixSeconds)
    {
        // Between two of the moments that it names, a predicate does not change.
        var moments = MomentsOf(predicate).Where(moment => moment > unixSeconds).Order().Prepend(unixSeconds);
        foreach (var moment in moments)
        {
            if (predicate.IsMetAt(moment))
            {
                return moment;
            }
        }
        return null;
    }

    private static IEnumerable<long> MomentsOf(ClaimPredicate predicate) => predicate switch
    {
        ClaimAnd and => and.Operands.SelectMany(MomentsOf),
        ClaimOr or => or.Operands.SelectMany(MomentsOf),
        ClaimNot { Operand: { } operand } => MomentsOf(operand),
        ClaimBeforeAbsoluteTime before => [before.UnixSeconds],
        _ => [],
    };
}
