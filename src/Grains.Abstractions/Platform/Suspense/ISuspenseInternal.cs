using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the suspense account is told by the ledger's follower. Clients of the cluster may not call it.</summary>
[Alias("sp.ISuspenseInternal")]
public interface ISuspenseInternal : ILedgerOwner;
