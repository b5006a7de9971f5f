using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>
/// All entries as they were after one ledger, so that a restart need not go through every change since the first. A
/// snapshot is written aside and renamed; one that is damaged is passed over, as the log can replace it.
/// </summary>
internal static class Snapshot
{
    private const int Version = 1;
    private const int EntriesPerBlock = 4_096;
    private const string Suffix = ".snapshot";

    public static void Write(string folder, LedgerState state)
    {
        var path = Path.Combine(folder, $"{state.Header.Sequence:D10}{Suffix}");
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        using (var writer = new XdrWriter())
        {
            writer.WriteInt32(Version);
            HeaderXdr.Of(state.Header).Write(writer);
            WriteBlock(file, state.Header.Sequence, writer);
            var blocks = 1u;
            foreach (var chunk in Entries(state).Chunk(EntriesPerBlock))
            {
                writer.WriteInt32(chunk.Length);
                foreach (var entry in chunk)
                {
                    EntryXdr.Of(entry).Write(writer);
                }

                WriteBlock(file, state.Header.Sequence, writer);
                blocks++;
            }

            // The last block says how many there are, so that a snapshot cut short is known as such.
            writer.WriteInt32(-1);
            writer.WriteUInt32(blocks);
            WriteBlock(file, state.Header.Sequence, writer);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        foreach (var old in Files(folder).Skip(2))
        {
            File.Delete(old);
        }
    }

    /// <summary>The state of the latest intact snapshot that is not after the given ledger; null if there is none.</summary>
    public static LedgerState? ReadLatest(string folder, uint notAfter)
    {
        foreach (var path in Files(folder))
        {
            if (Read(path) is { } state && state.Header.Sequence <= notAfter)
            {
                return state;
            }
        }

        return null;
    }

    public static void DeleteAll(string folder)
    {
        foreach (var path in Files(folder).ToList())
        {
            File.Delete(path);
        }
    }

    /// <summary>Latest first: the names are padded numbers.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Suffix).OrderDescending(StringComparer.Ordinal);

    private static IEnumerable<LedgerObject> Entries(LedgerState state) =>
        ((IEnumerable<LedgerObject>)state.Accounts)
        .Concat(state.TrustLines).Concat(state.Offers).Concat(state.Data).Concat(state.ClaimableBalances);

    private static void WriteBlock(FileStream file, uint sequence, XdrWriter writer)
    {
        Span<byte> header = stackalloc byte[RecordHeader.Size];
        RecordHeader.For(sequence, writer.Written).Write(header);
        file.Write(header);
        file.Write(writer.Written);
        writer.Clear();
    }

    private static LedgerState? Read(string path)
    {
        using var file = File.OpenRead(path);
        if (ReadBlock(file) is not { } first)
        {
            return null;
        }

        var reader = new XdrReader(first);
        if (reader.ReadInt32() != Version)
        {
            return null;
        }

        var state = new LedgerState(HeaderXdr.From(LedgerHeader.Read(ref reader)));
        for (var blocks = 1u; ReadBlock(file) is { } block; blocks++)
        {
            var entries = new XdrReader(block);
            var count = entries.ReadInt32();
            if (count < 0)
            {
                return entries.ReadUInt32() == blocks ? state : null;
            }

            for (var i = 0; i < count; i++)
            {
                state.Restore(EntryReader.From(LedgerEntry.Read(ref entries)));
            }
        }

        return null;
    }

    private static byte[]? ReadBlock(FileStream file)
    {
        Span<byte> head = stackalloc byte[RecordHeader.Size];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !RecordHeader.TryRead(head, out var header)
            || header.Length > file.Length - file.Position)
        {
            return null;
        }

        var payload = new byte[header.Length];
        file.ReadExactly(payload);
        return RecordHeader.Checksum(payload) == header.PayloadChecksum ? payload : null;
    }
}
