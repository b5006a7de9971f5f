using Microsoft.Win32.SafeHandles;

namespace StellarPay.Sandbox.Storage;

/// <summary>
/// The closed ledgers, one checked record after the other in one file. A record that the process did not finish
/// writing is cut off when the file is opened; damage before an intact record is refused, as it would lose ledgers.
/// </summary>
internal sealed class LedgerLog : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private byte[] _buffer = new byte[64 * 1024];
    private long _end;

    private LedgerLog(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Opens the log, hands each record on in order, cuts a torn tail, and is then ready to append.</summary>
    public static LedgerLog Open(string path, Action<uint, ReadOnlyMemory<byte>> record)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new SandboxDataException(
                $"The ledger log '{path}' cannot be opened; another sandbox may be using it: {exception.Message}",
                exception);
        }

        var log = new LedgerLog(file, path);
        try
        {
            log.Recover(record);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    public void Append(uint sequence, ReadOnlySpan<byte> payload)
    {
        var size = RecordHeader.Size + payload.Length;
        if (_buffer.Length < size)
        {
            _buffer = new byte[Math.Max(size, _buffer.Length * 2)];
        }

        RecordHeader.For(sequence, payload).Write(_buffer);
        payload.CopyTo(_buffer.AsSpan(RecordHeader.Size));
        RandomAccess.Write(_file, _buffer.AsSpan(0, size), _end);
        _end += size;
    }

    /// <summary>Waits until what was appended is on the disk; needed against power loss, not against SIGKILL.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Clear()
    {
        RandomAccess.SetLength(_file, 0);
        _end = 0;
    }

    public void Dispose() => _file.Dispose();

    private void Recover(Action<uint, ReadOnlyMemory<byte>> record)
    {
        var length = RandomAccess.GetLength(_file);
        uint last = 0;
        while (_end < length)
        {
            if (!TryRead(_end, length, out var header, out var payload))
            {
                CutTornTail(length, last);
                return;
            }

            record(header.Sequence, payload);
            last = header.Sequence;
            _end += RecordHeader.Size + header.Length;
        }
    }

    private bool TryRead(long at, long length, out RecordHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        Span<byte> head = stackalloc byte[RecordHeader.Size];
        header = default;
        if (at + RecordHeader.Size > length
            || RandomAccess.Read(_file, head, at) != RecordHeader.Size
            || !RecordHeader.TryRead(head, out header)
            || at + RecordHeader.Size + header.Length > length)
        {
            return false;
        }

        var bytes = new byte[header.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(_file, bytes.AsSpan(read), at + RecordHeader.Size + read);
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        payload = bytes;
        return RecordHeader.Checksum(bytes) == header.PayloadChecksum;
    }

    private void CutTornTail(long length, uint last)
    {
        if (FindIntactRecord(length) is { } intact)
        {
            throw new SandboxDataException(
                $"The ledger log '{_path}' is damaged at byte {_end}, after ledger {last}: an intact record follows at " +
                $"byte {intact}, so this is not an unfinished write. Restore the folder from a copy, or delete it to " +
                "start a new network.");
        }

        RandomAccess.SetLength(_file, _end);
    }

    private long? FindIntactRecord(long length)
    {
        var window = new byte[1024 * 1024];
        for (var from = _end + 1; from + RecordHeader.Size <= length;)
        {
            var read = RandomAccess.Read(_file, window, from);
            for (var i = 0; i + RecordHeader.Size <= read; i++)
            {
                if (RecordHeader.TryRead(window.AsSpan(i), out _) && TryRead(from + i, length, out _, out _))
                {
                    return from + i;
                }
            }

            from += Math.Max(1, read - RecordHeader.Size + 1);
        }

        return null;
    }
}
