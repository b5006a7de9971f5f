using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Claims;

/// <summary>What may follow what in the life of a payment's claimable balance.</summary>
internal static class ClaimTransitions
{
    /// <summary>Whether it may go from one status to the other; null stands for not yet on the ledger.</summary>
    public static bool IsAllowed(ClaimStatus? from, ClaimStatus to) => (from, to) switch
    {
        (null, ClaimStatus.Open) => true,
        (ClaimStatus.Open, ClaimStatus.Claimed or ClaimStatus.Reclaiming or ClaimStatus.ClawedBack) => true,
        // Back to open only when it is decided that the payer's claim will never be applied.
        (ClaimStatus.Reclaiming, ClaimStatus.Reclaimed or ClaimStatus.Claimed or ClaimStatus.ClawedBack or ClaimStatus.Open) => true,
        _ => false,
    };

    /// <summary>Moves a balance on.</summary>
    /// <exception cref="InvalidOperationException">The table does not allow it: a bug.</exception>
    public static void Move(ClaimableRecord claimable, ClaimStatus to)
    {
        if (!IsAllowed(claimable.Status, to))
        {
            throw new InvalidOperationException($"Balance {claimable.BalanceId} cannot go from {claimable.Status} to {to}.");
        }

        claimable.Status = to;
    }
}
