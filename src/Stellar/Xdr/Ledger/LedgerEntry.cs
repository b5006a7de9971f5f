namespace StellarPay.Stellar.Xdr;

/// <summary>What a ledger entry holds. One record for each <see cref="LedgerEntryType"/> except
/// <see cref="LedgerEntryType.ConfigSetting"/>, which no transaction changes and which is refused.</summary>
public abstract record LedgerEntryData
{
    private protected LedgerEntryData()
    {
    }

    /// <summary>The kind.</summary>
    public abstract LedgerEntryType Type { get; }

    /// <summary>The key that names the entry.</summary>
    /// <returns>The key.</returns>
    public abstract LedgerKey ToKey();

    /// <summary>Appends the XDR of the entry itself, without its kind.</summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="XdrException">A list or string is longer than its type allows.</exception>
    public abstract void Write(XdrWriter writer);

    internal static LedgerEntryData Read(ref XdrReader reader, LedgerEntryType type) => type switch
    {
        LedgerEntryType.Account => AccountEntry.Read(ref reader),
        LedgerEntryType.TrustLine => TrustLineEntry.Read(ref reader),
        LedgerEntryType.Offer => OfferEntry.Read(ref reader),
        LedgerEntryType.Data => DataEntry.Read(ref reader),
        LedgerEntryType.ClaimableBalance => ClaimableBalanceEntry.Read(ref reader),
        LedgerEntryType.LiquidityPool => LiquidityPoolEntry.Read(ref reader),
        LedgerEntryType.ContractData => ContractDataEntry.Read(ref reader),
        LedgerEntryType.ContractCode => ContractCodeEntry.Read(ref reader),
        LedgerEntryType.Ttl => TtlEntry.Read(ref reader),
        _ => throw XdrException.Discriminant("ledger entry type that is known here", (int)type),
    };
}

/// <summary>A ledger entry. XDR's <c>LedgerEntry</c>.</summary>
/// <param name="LastModified">The ledger that last changed it.</param>
/// <param name="Data">What it holds.</param>
/// <param name="Sponsorship">Who pays its reserve (CAP-33); null for entries without that extension.</param>
public sealed record LedgerEntry(uint LastModified, LedgerEntryData Data, Sponsorship? Sponsorship = null)
    : IXdr<LedgerEntry>
{
    /// <inheritdoc/>
    public static LedgerEntry Read(ref XdrReader reader)
    {
        var modified = reader.ReadUInt32();
        var data = LedgerEntryData.Read(ref reader, reader.ReadEnum<LedgerEntryType>());

        // The extension union (0 nothing, 1 sponsorship) has the same bytes as an optional value.
        return new LedgerEntry(modified, data, reader.ReadOptional<Sponsorship>());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(LastModified);
        writer.WriteEnum(Data.Type);
        Data.Write(writer);
        writer.WriteOptional(Sponsorship);
    }
}

/// <summary>Who pays a ledger entry's reserve. XDR's <c>LedgerEntryExtensionV1</c>.</summary>
/// <param name="Sponsor">Who; null for the owner.</param>
public sealed record Sponsorship(AccountId? Sponsor) : IXdr<Sponsorship>
{
    /// <inheritdoc/>
    public static Sponsorship Read(ref XdrReader reader)
    {
        var sponsor = reader.ReadOptionalValue<AccountId>();
        reader.ReadVoidExtension();
        return new Sponsorship(sponsor);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Sponsor);
        writer.WriteInt32(0);
    }
}
