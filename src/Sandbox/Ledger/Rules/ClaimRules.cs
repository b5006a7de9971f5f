using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>When claimants may claim (CAP-23).</summary>
internal static class ClaimRules
{
    public static bool IsMet(ClaimPredicate predicate, ulong closeTime) => predicate switch
    {
        ClaimUnconditional => true,
        ClaimAnd and => and.Operands.All(operand => IsMet(operand, closeTime)),
        ClaimOr or => or.Operands.Any(operand => IsMet(operand, closeTime)),
        ClaimNot { Operand: { } operand } => !IsMet(operand, closeTime),
        ClaimBeforeAbsoluteTime before => (ulong)before.UnixSeconds > closeTime,
        _ => throw new LedgerFault("a predicate that no claimable balance can have"),
    };
}
