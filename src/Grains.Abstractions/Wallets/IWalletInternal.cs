using StellarPay.Grains.Access;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet is told by itself and by the ledger's follower.</summary>
[Alias("sp.IWalletInternal"), GrainsOnly]
public interface IWalletInternal : ILedgerOwner
{
    /// <summary>An answer to a submission has come; looks at the state, not the caller.</summary>
    [Alias("Advance")]
    Task AdvanceAsync(string transactionHash, SubmissionReport report);

    /// <summary>Decides what a call that interleaves has prepared, in a turn of its own. Called by the wallet itself.</summary>
    [Alias("TakeTurn")]
    Task TakeTurnAsync(long turn);
}
