using System.Security.Cryptography;
using System.Text;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar;

/// <summary>
/// A Stellar network: its passphrase and the network id that every signature covers, so that a transaction for one
/// network is worthless on another. Immutable, equal by passphrase.
/// </summary>
/// <remarks>
/// Source: https://developers.stellar.org/docs/networks; Stellar-transaction.x, TransactionSignaturePayload.
/// </remarks>
public sealed class StellarNetwork : IEquatable<StellarNetwork>
{
    /// <summary>Longest passphrase, in characters.</summary>
    public const int MaxPassphraseLength = 1024;

    /// <summary>The network of a passphrase.</summary>
    /// <exception cref="ArgumentException">The passphrase is empty or longer than 1024 characters.</exception>
    public StellarNetwork(string passphrase)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(passphrase);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passphrase.Length, MaxPassphraseLength, nameof(passphrase));
        Passphrase = passphrase;
        Id = new Hash(SHA256.HashData(Encoding.UTF8.GetBytes(passphrase)));
    }

    /// <summary>The public network ("mainnet").</summary>
    public static StellarNetwork Public { get; } = new("Public Global Stellar Network ; September 2015");

    /// <summary>The public test network.</summary>
    public static StellarNetwork Testnet { get; } = new("Test SDF Network ; September 2015");

    /// <summary>The passphrase.</summary>
    public string Passphrase { get; }

    /// <summary>The network id: the SHA-256 of the passphrase in UTF-8.</summary>
    public Hash Id { get; }

    /// <inheritdoc/>
    public bool Equals(StellarNetwork? other) => other is not null && Passphrase == other.Passphrase;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StellarNetwork);

    /// <inheritdoc/>
    public override int GetHashCode() => Passphrase.GetHashCode(StringComparison.Ordinal);

    /// <summary>The passphrase.</summary>
    public override string ToString() => Passphrase;
}
