using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Payments;

/// <summary>What an open wallet of ours is stored to hold of an asset.</summary>
/// <param name="Stroops">How much.</param>
/// <param name="Frozen">Whether the issuer lets nothing of it be moved.</param>
public readonly record struct PayeeHolding(long Stroops, bool Frozen)
{
    /// <summary>
    /// The wallet's account as the network would show it to somebody who pays that asset: our trustlines have no limit, nothing
    /// is offered on the exchange, and no memo is asked for.
    /// </summary>
    public NetworkAccount ToAccount(string asset) => asset == Asset.Native.Canonical
        ? new NetworkAccount(Sequence: 0, Stroops, NativeBuyingLiabilities: 0, [], MemoRequired: false)
        : new NetworkAccount(
            Sequence: 0, NativeStroops: 0, NativeBuyingLiabilities: 0,
            [new NetworkTrustline(asset, Stroops, long.MaxValue, BuyingLiabilities: 0, Authorized: !Frozen)], MemoRequired: false);
}
