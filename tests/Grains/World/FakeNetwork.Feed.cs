using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.World;

// What the follower reads.
internal sealed partial class FakeNetwork
{
    private const int LedgersInBatch = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(50);

    /// <summary>What claims turn out to be, where nothing else says so, by paging token.</summary>
    public Dictionary<long, Amount> Claims { get; } = [];

    /// <summary>What can be read at last, by what the network said of it.</summary>
    public Dictionary<string, LedgerOperation[]> ReadableNow { get; } = [];

    /// <summary>How many ledgers the answers are behind.</summary>
    public long Behind { get; set; }

    private long Shown => Ledger.Sequence - Behind;

    /// <summary>Puts an operation that was made elsewhere into a ledger of its own.</summary>
    public LedgerOperation Add(Func<long, LedgerOperation> operation)
    {
        lock (_lock)
        {
            Ledger.Close();
            var made = operation(Ledger.Sequence) with { Ledger = Ledger.Sequence };
            Ledger.Operations.Add(made);
            Signal();
            return made;
        }
    }

    /// <summary>Puts an operation that cannot be read into a ledger of its own.</summary>
    public UnreadOperation AddUnread(string raw, params string[] accounts)
    {
        lock (_lock)
        {
            Ledger.Close();
            var line = new UnreadOperation(
                (Ledger.Sequence << 32) | 4097, Ledger.Sequence, "hash", UnreadKind.Unreadable, raw, "It is gibberish.", accounts);
            Ledger.Unread.Add(line);
            Signal();
            return line;
        }
    }

    /// <summary>The network begins again, so many ledgers on.</summary>
    public void BeginAgain(long sequence)
    {
        lock (_lock)
        {
            Ledger.BeginAgain(sequence);
            Signal();
        }
    }

    public Task<LedgerMark> GetLatestAsync(CancellationToken cancellationToken) => Ask(() => Ledger.MarkOf(Shown));

    public Task<LedgerMark?> FindLedgerAsync(long sequence, CancellationToken cancellationToken) =>
        Ask(() => sequence > Shown ? null : Ledger.MarkOf(sequence));

    /// <summary>The claims of which it was asked how much they were.</summary>
    public ConcurrentQueue<long> ClaimsAsked { get; } = new();

    /// <summary>The operations of which it was asked for the transaction.</summary>
    public ConcurrentQueue<long> TransactionsAsked { get; } = new();

    /// <summary>Whether it has no answer to a question about a single operation.</summary>
    public bool KnowsNothingOfOne { get; set; }

    public Task<LedgerOperation> CompleteAsync(LedgerOperation claim, CancellationToken cancellationToken)
    {
        ClaimsAsked.Enqueue(claim.PagingToken);
        return KnowsNothingOfOne
            ? Task.FromException<LedgerOperation>(new NetworkUnavailableException("It does not know."))
            : Ask(() => claim with { Amount = Claims[claim.PagingToken] });
    }

    public Task<IReadOnlyList<UnreadOperation>> WithTransactionAsync(
        IReadOnlyList<UnreadOperation> unread, CancellationToken cancellationToken)
    {
        TransactionsAsked.Enqueue(unread[0].PagingToken);
        return KnowsNothingOfOne
            ? Task.FromException<IReadOnlyList<UnreadOperation>>(new NetworkUnavailableException("It does not know."))
            : Ask(() => unread);
    }

    public IReadOnlyList<LedgerOperation>? ReadAgain(string raw) => ReadableNow.GetValueOrDefault(raw);

    public async IAsyncEnumerable<LedgerBatch> ReadAsync(
        long afterLedger, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            LedgerBatch? batch;
            lock (_lock)
            {
                changed = _changed.Task;
                batch = _feedHeld ? null : Next(afterLedger);
            }

            if (batch is null)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            yield return batch;
            if (batch.Ledgers.Count > 0)
            {
                afterLedger = batch.Ledgers[^1].Sequence;
            }
            else
            {
                await Task.WhenAny(changed, Task.Delay(Silence, TimeProvider.System, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private LedgerBatch Next(long afterLedger)
    {
        var first = afterLedger == 0 && Ledger.Epoch == 0 ? FakeLedger.FirstSequence : afterLedger + 1;
        var last = Math.Min(Shown, first + LedgersInBatch - 1);
        var ledgers = new List<LedgerMark>();
        for (var sequence = first; sequence <= last; sequence++)
        {
            ledgers.Add(Ledger.MarkOf(sequence));
        }

        return new LedgerBatch(
            ledgers,
            [.. Ledger.Outcomes.Where(o => o.Ledger >= first && o.Ledger <= last)],
            [.. Ledger.Operations.Where(o => o.Ledger >= first && o.Ledger <= last)],
            [.. Ledger.Unread.Where(o => o.Ledger >= first && o.Ledger <= last)],
            Ledger.MarkOf(Shown));
    }
}
