using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>
/// All that a closed ledger leaves behind: what history shows of it, its header with it, and the entries as they were
/// after it. Restoring needs no rules, so that a later version of the rules cannot change the past.
/// </summary>
internal sealed record LedgerRecord(HistoryLedger History, IReadOnlyList<EntryChange> Changes)
{
    private const int Version = 1;

    /// <summary>The header as the rules go on from it.</summary>
    public HeaderState State { get; } = HeaderXdr.From(LedgerHeader.FromXdr(History.Header.AsSpan()));

    public void Write(XdrWriter writer)
    {
        writer.WriteInt32(Version);
        HistoryCodec.Write(writer, History);
        writer.WriteInt32(Changes.Count);
        foreach (var change in Changes)
        {
            writer.WriteBool(change.After is not null);
            EntryXdr.Of(change.Either).Write(writer);
        }
    }

    public static LedgerRecord Read(ReadOnlySpan<byte> payload)
    {
        var reader = new XdrReader(payload);
        if (reader.ReadInt32() is not Version and var version)
        {
            throw new SandboxDataException(
                $"The ledger log was written in form {version}; this version of the sandbox reads form {Version}.");
        }

        var history = HistoryCodec.Read(ref reader);
        var changes = new EntryChange[RecordFields.ReadCount(ref reader)];
        for (var i = 0; i < changes.Length; i++)
        {
            var remains = reader.ReadBool();
            var entry = EntryReader.From(LedgerEntry.Read(ref reader));
            changes[i] = remains ? new EntryChange(null, entry) : new EntryChange(entry, null);
        }

        reader.End();
        return new LedgerRecord(history, changes);
    }
}
