namespace StellarPay.Grains.Network;

/// <summary>A claimable balance on the ledger, as one of its claimants sees it.</summary>
/// <param name="Id">Its id, as Horizon writes it.</param>
/// <param name="Asset">The asset's canonical form.</param>
/// <param name="Stroops">How much it holds.</param>
/// <param name="ClaimableFrom">
/// The first moment, by the network's clock and not before the one that was asked for, at which the claimant may claim it;
/// null if never.
/// </param>
public sealed record NetworkClaimable(string Id, string Asset, long Stroops, DateTimeOffset? ClaimableFrom);

/// <summary>Some of the claimable balances of an account.</summary>
/// <param name="Balances">The balances.</param>
/// <param name="Next">Where to go on; null where there are no more.</param>
public sealed record NetworkClaimables(IReadOnlyList<NetworkClaimable> Balances, string? Next);
