using StellarPay.Grains.Access;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the suspense account is told by itself and by the ledger's follower.</summary>
[Alias("sp.ISuspenseInternal"), GrainsOnly]
public interface ISuspenseInternal : ILedgerOwner;
