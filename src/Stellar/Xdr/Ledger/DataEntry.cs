namespace StellarPay.Stellar.Xdr;

/// <summary>A data entry as the ledger keeps it. XDR's <c>DataEntry</c>.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">Its name, at most 64 bytes.</param>
/// <param name="Value">Its value, at most 64 bytes.</param>
public sealed record DataEntry(AccountId Account, XdrString Name, Bytes Value) : LedgerEntryData, IXdr<DataEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Data;

    /// <inheritdoc/>
    public static DataEntry Read(ref XdrReader reader)
    {
        var entry = new DataEntry(
            AccountId.Read(ref reader),
            XdrString.Read(ref reader, ManageDataOperation.MaxNameBytes),
            Bytes.Create(reader.ReadVariable(ManageDataOperation.MaxValueBytes)));
        reader.ReadVoidExtension();
        return entry;
    }

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyData(Account, Name);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Account.Write(writer);
        Name.Write(writer, ManageDataOperation.MaxNameBytes);
        writer.WriteVariable(Value.AsSpan(), ManageDataOperation.MaxValueBytes);
        writer.WriteInt32(0);
    }
}
