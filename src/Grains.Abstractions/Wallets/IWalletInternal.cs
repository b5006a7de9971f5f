using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet is told by the ledger's follower. Clients of the cluster may not call it.</summary>
[Alias("sp.IWalletInternal")]
public interface IWalletInternal : ILedgerOwner;
