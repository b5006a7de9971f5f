namespace StellarPay.Stellar.Xdr;

/// <summary>An account as the ledger keeps it. XDR's <c>AccountEntry</c>.</summary>
/// <param name="Account">Which.</param>
/// <param name="Balance">Its lumens, in stroops.</param>
/// <param name="Sequence">The last sequence number used.</param>
/// <param name="SubEntries">How many trustlines, offers, signers and data entries it has (pool trustlines count
/// 2).</param>
/// <param name="InflationDestination">Whom it votes for, or null.</param>
/// <param name="Flags">The <see cref="AccountFlags"/>.</param>
/// <param name="HomeDomain">The home domain, at most 32 bytes.</param>
/// <param name="Thresholds">Its key's weight and its thresholds.</param>
/// <param name="Signers">The other signers, ordered by key; at most 20.</param>
/// <param name="Extension">Liabilities and what came after them, or null.</param>
public sealed record AccountEntry(
    AccountId Account,
    long Balance,
    long Sequence,
    uint SubEntries,
    AccountId? InflationDestination,
    uint Flags,
    XdrString HomeDomain,
    Thresholds Thresholds,
    ValueList<Signer> Signers,
    AccountEntryExtension? Extension = null) : LedgerEntryData, IXdr<AccountEntry>
{
    internal const int MaxSigners = 20;

    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Account;

    /// <inheritdoc/>
    // The extension union (0 nothing, 1 liabilities) has the same bytes as an optional value.
    public static AccountEntry Read(ref XdrReader reader) => new(
        AccountId.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadInt64(),
        reader.ReadUInt32(),
        reader.ReadOptionalValue<AccountId>(),
        reader.ReadUInt32(),
        XdrString.Read(ref reader, SetOptionsOperation.MaxHomeDomainBytes),
        Thresholds.Read(ref reader),
        reader.ReadList<Signer>(MaxSigners),
        reader.ReadOptional<AccountEntryExtension>());

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyAccount(Account);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Account.Write(writer);
        writer.WriteInt64(Balance);
        writer.WriteInt64(Sequence);
        writer.WriteUInt32(SubEntries);
        writer.WriteOptional(InflationDestination);
        writer.WriteUInt32(Flags);
        HomeDomain.Write(writer, SetOptionsOperation.MaxHomeDomainBytes);
        Thresholds.Write(writer);
        writer.WriteList(Signers, MaxSigners);
        writer.WriteOptional(Extension);
    }
}

/// <summary>The weight of an account's own key, and how much weight operations need. XDR's <c>Thresholds</c>.</summary>
/// <param name="MasterWeight">What the account's own key counts.</param>
/// <param name="Low">What low-security operations need.</param>
/// <param name="Medium">What most operations need.</param>
/// <param name="High">What high-security operations need.</param>
public readonly record struct Thresholds(byte MasterWeight, byte Low, byte Medium, byte High) : IXdr<Thresholds>
{
    /// <inheritdoc/>
    public static Thresholds Read(ref XdrReader reader)
    {
        var bytes = reader.ReadFixed(4);
        return new Thresholds(bytes[0], bytes[1], bytes[2], bytes[3]);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteFixed([MasterWeight, Low, Medium, High]);
    }
}

/// <summary>What open offers promise. XDR's <c>Liabilities</c>.</summary>
/// <param name="Buying">How much they may bring at most, in stroops.</param>
/// <param name="Selling">How much they may take at most, in stroops.</param>
public readonly record struct Liabilities(long Buying, long Selling) : IXdr<Liabilities>
{
    /// <inheritdoc/>
    public static Liabilities Read(ref XdrReader reader) => new(reader.ReadInt64(), reader.ReadInt64());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(Buying);
        writer.WriteInt64(Selling);
    }
}

/// <summary>XDR's <c>AccountEntryExtensionV1</c>.</summary>
/// <param name="Liabilities">What open offers promise in lumens.</param>
/// <param name="V2">Sponsorship and what came after it, or null.</param>
public sealed record AccountEntryExtension(Liabilities Liabilities, AccountEntryExtensionV2? V2 = null)
    : IXdr<AccountEntryExtension>
{
    /// <inheritdoc/>
    public static AccountEntryExtension Read(ref XdrReader reader) => new(
        Liabilities.Read(ref reader),
        reader.ReadExtension(2) ? AccountEntryExtensionV2.Read(ref reader) : null);

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Liabilities.Write(writer);
        writer.WriteInt32(V2 is null ? 0 : 2);
        V2?.Write(writer);
    }
}

/// <summary>XDR's <c>AccountEntryExtensionV2</c> (CAP-33).</summary>
/// <param name="Sponsored">How many of its reserves others pay.</param>
/// <param name="Sponsoring">How many reserves of others it pays.</param>
/// <param name="SignerSponsors">Who pays each signer's reserve, null for itself; as many as there are signers.</param>
/// <param name="V3">When the sequence number last changed, or null.</param>
public sealed record AccountEntryExtensionV2(
    uint Sponsored,
    uint Sponsoring,
    ValueList<SignerSponsor> SignerSponsors,
    AccountEntryExtensionV3? V3 = null) : IXdr<AccountEntryExtensionV2>
{
    /// <inheritdoc/>
    public static AccountEntryExtensionV2 Read(ref XdrReader reader) => new(
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadList<SignerSponsor>(AccountEntry.MaxSigners),
        reader.ReadExtension(3) ? AccountEntryExtensionV3.Read(ref reader) : null);

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(Sponsored);
        writer.WriteUInt32(Sponsoring);
        writer.WriteList(SignerSponsors, AccountEntry.MaxSigners);
        writer.WriteInt32(V3 is null ? 0 : 3);
        V3?.Write(writer);
    }
}

/// <summary>Who pays a signer's reserve. XDR's <c>SponsorshipDescriptor</c>.</summary>
/// <param name="Sponsor">Who; null for the account itself.</param>
public readonly record struct SignerSponsor(AccountId? Sponsor) : IXdr<SignerSponsor>
{
    /// <inheritdoc/>
    public static SignerSponsor Read(ref XdrReader reader) => new(reader.ReadOptionalValue<AccountId>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Sponsor);
    }
}

/// <summary>XDR's <c>AccountEntryExtensionV3</c> (CAP-21).</summary>
/// <param name="SequenceLedger">The ledger in which the sequence number last changed.</param>
/// <param name="SequenceTime">That ledger's close time in Unix seconds.</param>
public sealed record AccountEntryExtensionV3(uint SequenceLedger, ulong SequenceTime) : IXdr<AccountEntryExtensionV3>
{
    /// <inheritdoc/>
    public static AccountEntryExtensionV3 Read(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new AccountEntryExtensionV3(reader.ReadUInt32(), reader.ReadUInt64());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(0);
        writer.WriteUInt32(SequenceLedger);
        writer.WriteUInt64(SequenceTime);
    }
}
