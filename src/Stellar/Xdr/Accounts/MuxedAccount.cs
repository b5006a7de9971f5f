namespace StellarPay.Stellar.Xdr;

/// <summary>An account, or a numbered virtual account inside it (CAP-27). XDR's <c>MuxedAccount</c>.</summary>
/// <param name="AccountId">The account that holds the money.</param>
/// <param name="Id">The virtual account's number; null for the account itself.</param>
public readonly partial record struct MuxedAccount(AccountId AccountId, ulong? Id = null) : IXdr<MuxedAccount>
{
    /// <summary>The account itself.</summary>
    /// <param name="account">The account.</param>
    public static implicit operator MuxedAccount(AccountId account) => new(account);

    /// <inheritdoc/>
    public static MuxedAccount Read(ref XdrReader reader)
    {
        switch (reader.ReadEnum<CryptoKeyType>())
        {
            case CryptoKeyType.Ed25519:
                return new MuxedAccount(new AccountId(Hash.Read(ref reader)));
            case CryptoKeyType.MuxedEd25519:
                var id = reader.ReadUInt64();
                return new MuxedAccount(new AccountId(Hash.Read(ref reader)), id);
            case var type:
                throw XdrException.Discriminant("muxed account type", (int)type);
        }
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Id.HasValue ? CryptoKeyType.MuxedEd25519 : CryptoKeyType.Ed25519);
        if (Id.HasValue)
            writer.WriteUInt64(Id.GetValueOrDefault());
        AccountId.Key.Write(writer);
    }
}
