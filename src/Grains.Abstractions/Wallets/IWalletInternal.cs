using StellarPay.Grains.Access;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet is told by the ledger's follower.</summary>
[Alias("sp.IWalletInternal"), GrainsOnly]
public interface IWalletInternal : ILedgerOwner;
