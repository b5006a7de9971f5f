using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Compliance;

/// <summary>
/// A wallet as administrators deal with it: the same grain as <see cref="IWalletGrain"/>, by the same key. The front door
/// lets administrators alone come this far, and has written down in the audit log what they do.
/// </summary>
[Alias("sp.IWalletControl"), ForOperators]
public interface IWalletControl : IParkedRowsOwner
{
    /// <summary>The wallet's present state; 404 before it is opened.</summary>
    [Alias("GetControl")]
    Task<Result<WalletControlView>> GetControlAsync();

    /// <summary>
    /// Freezes the wallet: nothing is quoted, confirmed or signed any more, and what waits to be signed fails with
    /// <c>wallet_frozen</c>. What is signed is finished, deposits come in, and its owner may look and cancel. A repeat
    /// changes nothing.
    /// </summary>
    [Alias("Freeze")]
    Task<Result<WalletControlView>> FreezeAsync(AdminOrder order);

    /// <summary>Lets a frozen wallet pay again. A repeat changes nothing.</summary>
    [Alias("Unfreeze")]
    Task<Result<WalletControlView>> UnfreezeAsync(AdminOrder order);

    /// <summary>Says how well the owner is known, 0 to 3, which decides the limits.</summary>
    [Alias("SetTier")]
    Task<Result<WalletControlView>> SetTierAsync(AdminOrder order, int tier);

    /// <summary>
    /// Gives up the account of a wallet that holds nothing and has nothing under way, so that the platform has its reserves back. The
    /// wallet is closed; its owner can open it again.
    /// </summary>
    [Alias("ReclaimAccount")]
    Task<Result<WalletControlView>> ReclaimAccountAsync(AdminOrder order);
}

/// <summary>What an administrator wants done.</summary>
/// <param name="Admin">Who.</param>
/// <param name="Reason">Why, in a sentence.</param>
[GenerateSerializer, Immutable, Alias("sp.AdminOrder")]
public sealed record AdminOrder(
    [property: Id(0)] UserId Admin,
    [property: Id(1)] string Reason);

/// <summary>A wallet as an administrator sees it.</summary>
/// <param name="Id">The wallet's id.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Address">The account's address on the network; null while the wallet is unopened.</param>
/// <param name="Status">Where it stands, <see cref="WalletStatus.Frozen"/> included.</param>
/// <param name="FrozenAt">Since when it is frozen, or null.</param>
/// <param name="FrozenBy">Who froze it, or null.</param>
/// <param name="FreezeReason">Why, or null.</param>
/// <param name="Limits">What it may move, and has moved.</param>
[GenerateSerializer, Immutable, Alias("sp.WalletControlView")]
public sealed record WalletControlView(
    [property: Id(0)] WalletId Id,
    [property: Id(1)] UserId Owner,
    [property: Id(2)] string? Address,
    [property: Id(3)] WalletStatus Status,
    [property: Id(4)] DateTimeOffset? FrozenAt,
    [property: Id(5)] UserId? FrozenBy,
    [property: Id(6)] string? FreezeReason,
    [property: Id(7)] WalletLimits Limits);
