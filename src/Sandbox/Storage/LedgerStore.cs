using System.Text;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>
/// A network's data folder: the log of its closed ledgers and snapshots of its entries. The log's first record names the
/// network, so that a folder is never opened with another passphrase.
/// </summary>
internal sealed class LedgerStore : IDisposable
{
    private const string LogName = "ledgers.log";
    private const uint IdentityRecord = 0;

    private readonly string _folder;
    private readonly bool _flushToDisk;
    private readonly LedgerLog _log;
    private readonly XdrWriter _writer = new();

    private LedgerStore(string folder, bool flushToDisk, LedgerLog log, LedgerState? restored)
    {
        _folder = folder;
        _flushToDisk = flushToDisk;
        _log = log;
        Restored = restored;
    }

    /// <summary>The entries after the last ledger of the log; null in a new folder.</summary>
    public LedgerState? Restored { get; }

    public static LedgerStore Open(string folder, string passphrase, bool flushToDisk, Action<HistoryLedger> ledger)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LogName);
        for (var notAfter = uint.MaxValue; ;)
        {
            var recovery = new Recovery(folder, passphrase, Snapshot.ReadLatest(folder, notAfter));
            var log = LedgerLog.Open(path, recovery.Take);
            if (recovery.IsSnapshotAhead)
            {
                // The log lost its tail after the snapshot was made: an earlier one, or none, will do.
                notAfter = recovery.Last;
                log.Dispose();
                continue;
            }

            if (!recovery.IsIdentified)
            {
                log.Append(IdentityRecord, Encoding.UTF8.GetBytes(passphrase));
            }

            recovery.Ledgers.ForEach(ledger);
            return new LedgerStore(folder, flushToDisk, log, recovery.State);
        }
    }

    public void Append(LedgerRecord record)
    {
        _writer.Clear();
        record.Write(_writer);
        _log.Append(record.State.Sequence, _writer.Written);
        if (_flushToDisk)
        {
            _log.Flush();
        }
    }

    public void WriteSnapshot(LedgerState state)
    {
        _log.Flush();
        Snapshot.Write(_folder, state);
    }

    public void Clear(string passphrase)
    {
        // The snapshots go first: without its log a snapshot is of no network.
        Snapshot.DeleteAll(_folder);
        _log.Clear();
        _log.Append(IdentityRecord, Encoding.UTF8.GetBytes(passphrase));
    }

    public void Dispose()
    {
        _log.Dispose();
        _writer.Dispose();
    }

    /// <summary>Reads the log once: history from all records, entries from those after the snapshot.</summary>
    private sealed class Recovery(string folder, string passphrase, LedgerState? snapshot)
    {
        public bool IsIdentified { get; private set; }

        public uint Last { get; private set; }

        public LedgerState? State { get; private set; }

        public List<HistoryLedger> Ledgers { get; } = [];

        public bool IsSnapshotAhead => State is null && Last > 0;

        public void Take(uint sequence, ReadOnlyMemory<byte> payload)
        {
            if (!IsIdentified)
            {
                Identify(sequence, payload.Span);
                return;
            }

            if (sequence != Last + 1)
            {
                throw new SandboxDataException(
                    $"The ledger log in '{folder}' goes from ledger {Last} to ledger {sequence}. Restore the folder " +
                    "from a copy, or delete it to start a new network.");
            }

            var record = Decode(sequence, payload.Span);
            Ledgers.Add(record.History);
            Last = sequence;
            Apply(record);
        }

        // Its checksum holds, so nothing is damaged: a version that wrote ledgers in another way was here.
        private LedgerRecord Decode(uint sequence, ReadOnlySpan<byte> payload)
        {
            try
            {
                return LedgerRecord.Read(payload);
            }
            catch (XdrException exception)
            {
                throw new SandboxDataException(
                    $"Ledger {sequence} in '{folder}' was written by another version of the sandbox. Use that version, " +
                    "or delete the folder to start a new network.",
                    exception);
            }
        }

        private void Identify(uint sequence, ReadOnlySpan<byte> payload)
        {
            var found = Encoding.UTF8.GetString(payload);
            if (sequence != IdentityRecord || found != passphrase)
            {
                throw new SandboxDataException(
                    $"The folder '{folder}' holds a network with the passphrase \"{found}\", not \"{passphrase}\". " +
                    "Use another folder, or the same passphrase.");
            }

            IsIdentified = true;
        }

        private void Apply(LedgerRecord record)
        {
            if (snapshot is not null && record.State.Sequence <= snapshot.Header.Sequence)
            {
                State = record.State.Sequence == snapshot.Header.Sequence ? snapshot : null;
                return;
            }

            State ??= new LedgerState(record.State);
            State.Header = record.State;
            foreach (var change in record.Changes)
            {
                if (change.After is { } entry)
                {
                    State.Put(entry);
                }
                else
                {
                    State.Erase(change.Either);
                }
            }

            State.ForgetJournal();
        }
    }
}
