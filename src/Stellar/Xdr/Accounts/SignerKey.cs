namespace StellarPay.Stellar.Xdr;

/// <summary>What may sign for an account. XDR's <c>SignerKey</c>. Order is core's: by kind, key, payload.</summary>
/// <param name="Type">Which kind; never <see cref="CryptoKeyType.MuxedEd25519"/>.</param>
/// <param name="Key">The public key, transaction hash or secret's hash.</param>
/// <param name="Payload">For a signed payload what is to be signed, at most 64 bytes; otherwise empty.</param>
public sealed record SignerKey(CryptoKeyType Type, Hash Key, Bytes Payload = default)
    : IXdr<SignerKey>, IComparable<SignerKey>
{
    private const int MaxPayload = 64;

    /// <summary>An account's key.</summary>
    /// <param name="account">The account.</param>
    /// <returns>The signer key.</returns>
    public static SignerKey Ed25519(AccountId account) => new(CryptoKeyType.Ed25519, account.Key);

    /// <summary>A transaction authorised in advance.</summary>
    /// <param name="transactionHash">Its hash.</param>
    /// <returns>The signer key.</returns>
    public static SignerKey PreAuthTx(Hash transactionHash) => new(CryptoKeyType.PreAuthTx, transactionHash);

    /// <summary>Whoever knows the preimage.</summary>
    /// <param name="sha256">The preimage's SHA-256.</param>
    /// <returns>The signer key.</returns>
    public static SignerKey HashX(Hash sha256) => new(CryptoKeyType.HashX, sha256);

    /// <summary>An account's signature of a payload of one's choice (CAP-40).</summary>
    /// <param name="account">The account.</param>
    /// <param name="payload">1 to 64 bytes.</param>
    /// <returns>The signer key.</returns>
    public static SignerKey SignedPayload(AccountId account, Bytes payload) =>
        new(CryptoKeyType.Ed25519SignedPayload, account.Key, payload);

    /// <inheritdoc/>
    public static SignerKey Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<CryptoKeyType>();
        if (type == CryptoKeyType.MuxedEd25519)
            throw XdrException.Discriminant("signer key type", (int)type);
        var key = Hash.Read(ref reader);
        return new SignerKey(type, key, type == CryptoKeyType.Ed25519SignedPayload
            ? Bytes.Create(reader.ReadVariable(MaxPayload))
            : default);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        Key.Write(writer);
        if (Type == CryptoKeyType.Ed25519SignedPayload)
            writer.WriteVariable(Payload.AsSpan(), MaxPayload);
    }

    /// <inheritdoc/>
    public int CompareTo(SignerKey? other)
    {
        if (other is null)
            return 1;
        var order = Type.CompareTo(other.Type);
        if (order == 0)
            order = Key.CompareTo(other.Key);
        return order != 0 ? order : Payload.CompareTo(other.Payload);
    }
}

/// <summary>A signer and its weight. XDR's <c>Signer</c>.</summary>
/// <param name="Key">The signer.</param>
/// <param name="Weight">What its signature counts, 0 to 255; 0 removes the signer.</param>
public sealed record Signer(SignerKey Key, uint Weight) : IXdr<Signer>
{
    /// <inheritdoc/>
    public static Signer Read(ref XdrReader reader) => new(SignerKey.Read(ref reader), reader.ReadUInt32());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Key.Write(writer);
        writer.WriteUInt32(Weight);
    }
}
