using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Ingestion;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Storage;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>
/// The ledger with all that must move together when one closes: entries, queue, log, history. Not thread-safe but for
/// its history; the network's lock guards it.
/// </summary>
internal sealed class LedgerBook(SandboxOptions options, StellarNetwork network, SandboxKeys keys) : IDisposable
{
    private readonly RecentChanges _recent = new();
    private LedgerStore? _store;
    private LedgerCloser? _closer;
    private LedgerState? _state;
    private TransactionQueue? _queue;
    private TransactionValidator? _validator;
    private bool _broken;

    public HistoryIndex History { get; } = new();

    public LedgerState State => _state ?? throw NotOpen();

    public TransactionQueue Queue => _queue ?? throw NotOpen();

    public TransactionValidator Validator => _validator ?? throw NotOpen();

    public StateView View(uint asOf) => new(State, _recent, asOf);

    /// <summary>Goes on from the last closed ledger of the data folder, or begins a network.</summary>
    public void Open(ulong now)
    {
        if (options.DataFolder is { } folder)
        {
            _store = LedgerStore.Open(folder, network.Passphrase, options.FlushToDisk, History.Add);
        }

        if (_store?.Restored is { } restored)
        {
            Use(restored);
        }
        else
        {
            Begin(now);
        }
    }

    public HistoryLedger Close(ulong closeTime, TransactionSet set)
    {
        if (_broken)
        {
            throw new InvalidOperationException("A ledger could not be stored; the network has stopped.");
        }

        // Until the ledger is stored, memory is ahead of the disk; if that fails, nothing more may be built on it.
        _broken = true;
        var closed = _closer!.Close(closeTime, set);
        var history = HistoryBuilder.Build(closed.Header, closed.Hash, closed.Transactions);
        var changes = NetChanges.Of(closed.Transactions);
        Keep(history, changes);
        _broken = false;
        return history;
    }

    public void Reset(ulong now)
    {
        _store?.Clear(network.Passphrase);
        _recent.Clear();
        History.Clear();
        Begin(now);
        _broken = false;
    }

    public void Dispose() => _store?.Dispose();

    private static InvalidOperationException NotOpen() => new("The ledger is not open yet.");

    private void Begin(ulong now)
    {
        var state = FirstLedgers.Begin(keys.Root.AccountId, now, options.MaxOperationsPerLedger);
        var root = state.ExistingAccount(keys.Root.AccountId);
        Use(state);
        var header = HeaderXdr.Of(state.Header);
        Keep(HistoryBuilder.Build(header, HeaderXdr.HashOf(header), []), [new EntryChange(null, root)]);
        Close(now, new TransactionSet([FirstLedgers.Setup(network, keys)], state.Header.BaseFee));
    }

    private void Use(LedgerState state)
    {
        _state = state;
        _closer = new LedgerCloser(state);
        _validator = new TransactionValidator(state);
        _queue = new TransactionQueue(state, _validator);
    }

    private void Keep(HistoryLedger history, IReadOnlyList<EntryChange> changes)
    {
        _store?.Append(new LedgerRecord(history, changes));
        _recent.Add(history.Sequence, changes);
        History.Add(history);
        if (_store is not null && history.Sequence % (uint)options.LedgersPerSnapshot == 0)
        {
            _store.WriteSnapshot(State);
        }
    }
}
