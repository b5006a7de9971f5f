using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar;

/// <summary>An account: its Ed25519 public key (XDR's <c>AccountID</c>). Order is that of the key's bytes. The default
/// is the key of zeros, which is nobody's.</summary>
/// <param name="key">The 32 bytes of the key.</param>
public readonly partial struct AccountId(Hash key) : IEquatable<AccountId>, IComparable<AccountId>, IXdr<AccountId>
{
    // The only public key type there is: PUBLIC_KEY_TYPE_ED25519.
    private const int Ed25519Type = 0;
    private readonly Hash _key = key;

    /// <summary>Copies a key.</summary>
    /// <param name="key">32 bytes.</param>
    /// <exception cref="ArgumentException">There are not exactly 32.</exception>
    public AccountId(ReadOnlySpan<byte> key)
        : this(new Hash(key))
    {
    }

    /// <summary>The raw Ed25519 public key.</summary>
    public Hash Key => _key;

    /// <summary>Whether the keys are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(AccountId left, AccountId right) => left._key.Equals(right._key);

    /// <summary>Whether the keys differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(AccountId left, AccountId right) => !left._key.Equals(right._key);

    /// <inheritdoc/>
    public static AccountId Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type == Ed25519Type
            ? new AccountId(Hash.Read(ref reader))
            : throw XdrException.Discriminant("public key type", type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(Ed25519Type);
        _key.Write(writer);
    }

    /// <summary>Copies the key's 32 bytes.</summary>
    /// <param name="destination">Where to; at least 32 bytes.</param>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public void CopyTo(Span<byte> destination) => _key.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(AccountId other) => _key.Equals(other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AccountId other && _key.Equals(other._key);

    /// <inheritdoc/>
    public int CompareTo(AccountId other) => _key.CompareTo(other._key);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();
}
