using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>When claimants may claim (CAP-23).</summary>
internal static class ClaimRules
{
    /// <summary>The predicate with the times that count from now replaced by moments.</summary>
    public static ClaimPredicate MadeAbsolute(ClaimPredicate predicate, ulong closeTime) => predicate switch
    {
        ClaimAnd and => new ClaimAnd(MadeAbsolute(and.Operands, closeTime)),
        ClaimOr or => new ClaimOr(MadeAbsolute(or.Operands, closeTime)),
        ClaimNot not => new ClaimNot(not.Operand is { } operand ? MadeAbsolute(operand, closeTime) : null),
        ClaimBeforeRelativeTime relative => new ClaimBeforeAbsoluteTime(
            closeTime > (ulong)(long.MaxValue - relative.Seconds)
                ? long.MaxValue
                : (long)closeTime + relative.Seconds),
        _ => predicate,
    };

    public static bool IsMet(ClaimPredicate predicate, ulong closeTime) => predicate switch
    {
        ClaimUnconditional => true,
        ClaimAnd and => and.Operands.All(operand => IsMet(operand, closeTime)),
        ClaimOr or => or.Operands.Any(operand => IsMet(operand, closeTime)),
        ClaimNot { Operand: { } operand } => !IsMet(operand, closeTime),
        ClaimBeforeAbsoluteTime before => (ulong)before.UnixSeconds > closeTime,
        _ => throw new LedgerFault("a predicate that no claimable balance can have"),
    };

    private static ValueList<ClaimPredicate> MadeAbsolute(ValueList<ClaimPredicate> operands, ulong closeTime) =>
        operands.Select(operand => MadeAbsolute(operand, closeTime)).ToValueList();
}
