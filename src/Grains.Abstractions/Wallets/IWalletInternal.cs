using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet is told by the ledger's follower, and of its owner by the host of a silo.</summary>
[Alias("sp.IWalletInternal"), GrainsOnly]
public interface IWalletInternal : ILedgerOwner
{
    /// <summary>
    /// Whether the owner has a second factor: his limits and what he must prove depend on it. The version rises with each change of his
    /// factors, so that one that comes late, or again, changes nothing. <paramref name="since"/> says since when he has had one without a
    /// break, in business time; null where he has none.
    /// </summary>
    /// <returns>False while the wallet is not there yet: it is to be told again.</returns>
    [Alias("SetSecondFactor"), AlsoHosts]
    Task<bool> SetSecondFactorAsync(UserId owner, bool isSet, long version, DateTimeOffset? since);
}
