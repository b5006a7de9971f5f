using StellarPay.Grains.Access;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the suspense account is told by itself and by the ledger's follower.</summary>
[Alias("sp.ISuspenseInternal"), GrainsOnly]
public interface ISuspenseInternal : ILedgerOwner
{
    /// <summary>An answer to a submission has come; looks at what is stored, not the caller.</summary>
    [Alias("Advance")]
    Task AdvanceAsync(string transactionHash, SubmissionReport report);

    /// <summary>Decides what a call that interleaves has prepared, in a turn of its own. Called by the grain itself.</summary>
    [Alias("TakeTurn")]
    Task TakeTurnAsync(long turn);
}
