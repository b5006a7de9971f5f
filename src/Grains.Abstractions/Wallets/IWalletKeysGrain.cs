using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>The key of a wallet, which can be replaced; the address stays. The same grain as <see cref="IWalletGrain"/>.</summary>
[Alias("sp.IWalletKeysGrain"), ForUsers]
public interface IWalletKeysGrain : IGrainWithStringKey
{
    /// <summary>Which key signs.</summary>
    [Alias("GetKey")]
    Task<Result<WalletKeyView>> GetKeyAsync(UserId caller);

    /// <summary>
    /// Makes a new key and has it replace the present one as the account's signer. It is stored before the network hears
    /// of it; payments wait until a ledger has decided; then the old seed is destroyed. A repeat while that is under way
    /// begins nothing new.
    /// </summary>
    [Alias("RotateKey")]
    [AlwaysInterleave]
    Task<Result<WalletKeyView>> RotateKeyAsync(UserId caller, CancellationToken cancellationToken = default);

    /// <summary>The same, for an administrator.</summary>
    [Alias("RotateKeyByAdmin")]
    [AlwaysInterleave]
    Task<Result<WalletKeyView>> RotateKeyByAdminAsync(AdminOrder order);
}

/// <summary>A wallet's key.</summary>
/// <param name="Version">Counts the keys that the wallet has had.</param>
/// <param name="Signer">The public key that signs.</param>
/// <param name="Pending">Whether another is about to replace it.</param>
[GenerateSerializer, Immutable, Alias("sp.WalletKeyView")]
public sealed record WalletKeyView(
    [property: Id(0)] int Version,
    [property: Id(1)] string Signer,
    [property: Id(2)] bool Pending);
