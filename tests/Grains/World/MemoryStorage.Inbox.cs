using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Grains.Tests.World;

// The ledger inbox with the rules of ledger_deliver and ledger_inbox_consume, under the lock of the states: so one write
// takes effect whole, as one statement does.
internal sealed partial class MemoryStorage : ILedgerInbox, IParkedRows
{
    private readonly Dictionary<string, (LedgerOwner Owner, bool CreditsOnly)> _addresses = [];
    private readonly SortedDictionary<LedgerPlace, LedgerEntry> _movements = [];
    private readonly SortedSet<(string Kind, string Key, LedgerPlace Place)> _inbox = [];
    private readonly Dictionary<(LedgerOwner Owner, LedgerPlace Place), ParkedRow> _parked = [];
    private readonly Dictionary<LedgerOwner, HeldOwner> _held = [];
    private LedgerWatermark? _watermark;

    /// <summary>Where claimable balances are remembered that a delivery creates.</summary>
    public MemoryClaimableBalances Balances { get; } = new();

    /// <summary>Where a write of the suspense account enters deposits.</summary>
    public MemorySuspense Suspense { get; } = new();

    /// <summary>Where a write of a merchant enters what names nobody.</summary>
    public MemoryReceipts Receipts { get; } = new();

    /// <summary>All that owners have not drained.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _inbox.Count;
            }
        }
    }

    public Task<LedgerWatermark?> GetWatermarkAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_watermark);
        }
    }

    public async Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(LedgerDelivery delivery, CancellationToken cancellationToken)
    {
        var concerned = new HashSet<string>(StringComparer.Ordinal);
        HashSet<LedgerOwner> owners = [];
        lock (_lock)
        {
            if (_watermark?.Ledger != delivery.From?.Ledger || _watermark?.Hash != delivery.From?.Hash)
            {
                return null;
            }

            foreach (var entry in delivery.Entries)
            {
                var named = entry.Addresses().Where(each => _addresses.ContainsKey(each.Address)).ToArray();
                if (named.Length == 0)
                {
                    continue;
                }

                // A place is written once: the primary key refuses another.
                _movements.Add(entry.Place, LedgerEntryJson.Read(entry.Place, LedgerEntryJson.KindOf(entry), LedgerEntryJson.Write(entry))
                    with { Witness = WitnessOf(entry)?.Key });
                if (entry.Movement?.BalanceId is { } balance)
                {
                    concerned.Add(balance);
                }

                foreach (var owner in named.Where(each => each.Credited || !_addresses[each.Address].CreditsOnly)
                    .Select(each => _addresses[each.Address].Owner).Distinct())
                {
                    _inbox.Add((owner.Kind, owner.Key, entry.Place));
                    owners.Add(owner);
                }

                if (WitnessOf(entry) is { } witness)
                {
                    _inbox.Add((witness.Kind, witness.Key, entry.Place));
                    owners.Add(witness);
                }
            }

            var anchors = new Dictionary<long, string>(_watermark?.Anchors ?? new Dictionary<long, string>());
            foreach (var (ledger, hash) in delivery.Anchors)
            {
                anchors[ledger] = hash;
            }

            _watermark = new LedgerWatermark(delivery.To.Sequence, delivery.To.Hash, delivery.To.ClosedAt, anchors);
        }

        await Balances.AddAsync([.. delivery.Balances.Where(balance => concerned.Contains(balance.BalanceId))], cancellationToken);
        return [.. owners];
    }

    public Task<InboxPage> ReadAsync(LedgerOwner owner, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var entries = _inbox.Where(row => row.Kind == owner.Kind && row.Key == owner.Key)
                .Take(limit + 1).Select(row => _movements[row.Place]).ToArray();
            return Task.FromResult(new InboxPage(Closed(), entries.Length > limit ? entries[..limit] : entries, entries.Length > limit));
        }
    }

    public Task<OutcomeView> FindOutcomeAsync(
        string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var outcome = _movements.Values.Select(entry => entry.Outcome).OfType<LedgerOutcome>()
                .FirstOrDefault(each => hashes.Contains(each.LookUpHash));
            var unread = _movements.Values.Select(entry => entry.Unread).OfType<UnreadOperation>().ToArray();
            var inDoubt = unread.Any(line => line.TransactionHash is { } hash && hashes.Contains(hash))
                || (_addresses.TryGetValue(source, out var known)
                    && (_parked.Values.Any(row => row.Owner == known.Owner
                            && row is { Status: ParkedStatus.Parked, Entry.Unread: { TransactionHash: null } })
                        || _inbox.Any(row => (row.Kind, row.Key) == (known.Owner.Kind, known.Owner.Key)
                            && _movements[row.Place].Unread is { TransactionHash: null })));
            return Task.FromResult(new OutcomeView(Closed(), outcome, inDoubt));
        }
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadParkedAsync(
        LedgerOwner owner, long token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LedgerEntry>>([
                .. _parked.Values.Where(row => row.Owner == owner && row.Entry.Place.Token == token && row.Status == ParkedStatus.Parked)
                    .Select(row => row.Entry).OrderBy(entry => entry.Place),
            ]);
        }
    }

    public Task<IReadOnlyDictionary<string, LedgerOwner>> FindOwnersAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, LedgerOwner>>(
                addresses.Where(_addresses.ContainsKey).Distinct().ToDictionary(address => address, address => _addresses[address].Owner));
        }
    }

    /// <summary>What the search for those who wait waits for; null for nothing.</summary>
    public Func<Task>? BeforeWaiting { get; set; }

    // Whatever waits, however short; and one that is held, too.
    public async Task<WaitingOwners> FindWaitingAsync(
        WaitingQuery query, LedgerOwner? after, int limit, CancellationToken cancellationToken)
    {
        await (BeforeWaiting?.Invoke() ?? Task.CompletedTask);
        lock (_lock)
        {
            LedgerOwner[] looked =
            [
                .. _inbox.Select(row => new LedgerOwner(row.Kind, row.Key)).Concat(Told()).Distinct()
                    .OrderBy(owner => (owner.Kind, owner.Key))
                    .Where(owner => after is null || (owner.Kind, owner.Key).CompareTo((after.Kind, after.Key)) > 0).Take(limit),
            ];
            return new WaitingOwners(
                [.. looked.Where(owner => owner.Key.Sum(c => c) % query.Partitions == query.Partition)],
                looked.Length == limit ? looked[^1] : null);
        }
    }

    public Task<int> HoldAsync(LedgerOwner owner, string error, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var failures = _held.TryGetValue(owner, out var held) ? held.Failures + 1 : 1;
            _held[owner] = new HeldOwner(owner, held?.Since ?? TimeProvider.System.GetUtcNow(), failures, error);
            return Task.FromResult(failures);
        }
    }

    public Task<IReadOnlyList<ParkedRow>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ParkedRow>>([
                .. _parked.Values.Where(row => !open || row.Status == ParkedStatus.Parked)
                    .Where(row => before is null || row.Entry.Place.Token < before)
                    .OrderByDescending(row => row.Entry.Place.Token).Take(limit),
            ]);
        }
    }

    public Task<IReadOnlyList<ParkedRow>> FindAsync(long token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ParkedRow>>([.. _parked.Values.Where(row => row.Entry.Place.Token == token)]);
        }
    }

    public Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_parked.Values.Count(row => row.Status == ParkedStatus.Parked));
        }
    }

    public Task<IReadOnlyList<HeldOwner>> ListHeldAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<HeldOwner>>([.. _held.Values]);
        }
    }

    // What a write does to the inbox: all of it, or none, and then the write is refused.
    private void TakeMarks(string stateName, string key, int version, JsonNode? marks)
    {
        if (marks is null)
        {
            return;
        }

        var owner = new LedgerOwner(stateName, key);
        var addresses = marks["addresses"]?.AsArray() ?? [];
        var consumed = (marks["consumed"]?.AsArray() ?? []).Select(each => new LedgerPlace((long)each![0]!, (int)each[1]!)).ToArray();
        var resolving = marks["resolving"]?.AsArray() ?? [];
        foreach (var address in addresses)
        {
            var its = OwnerOf(address!, owner);
            if (_addresses.TryGetValue((string)address!["address"]!, out var there) && there.Owner != its)
            {
                throw new PostgresException($"Address {address["address"]} has another owner.", "ERROR", "ERROR", "SP003");
            }
        }

        if (consumed.Any(place => !_inbox.Contains((owner.Kind, owner.Key, place)))
            || resolving.Any(each => _parked.GetValueOrDefault((owner, PlaceOf(each!)))?.Status != ParkedStatus.Parked))
        {
            throw new PostgresException($"{stateName} {key} names rows of its inbox that are not there.", "ERROR", "ERROR", "SP002");
        }

        RefuseRows(owner, marks);
        if (Suspense.Refusal(marks["moved"]) is { } code)
        {
            throw new PostgresException($"{stateName} {key} moves deposits that do not stand so.", "ERROR", "ERROR", code);
        }

        if (Receipts.Refusal(key, marks) is { } refusal)
        {
            throw new PostgresException($"{stateName} {key} moves receipts that do not stand so.", "ERROR", "ERROR", refusal);
        }

        foreach (var address in addresses)
        {
            _addresses[(string)address!["address"]!] = (OwnerOf(address, owner), (bool?)address["creditsOnly"] ?? false);
        }

        TakeRows(owner, version, marks);
        foreach (var place in consumed)
        {
            _inbox.Remove((owner.Kind, owner.Key, place));
        }

        Suspense.Enter(marks["suspended"]);
        Suspense.Move(marks["moved"]);
        Receipts.Take(key, marks);
        foreach (var each in marks["parking"]?.AsArray() ?? [])
        {
            var place = PlaceOf(each!);
            _parked.Add((owner, place), new ParkedRow(
                owner, _movements[place], (string)each!["error"]!, 1, ParkedStatus.Parked, (DateTimeOffset)each["at"]!, null, null));
        }

        foreach (var each in resolving)
        {
            var row = _parked[(owner, PlaceOf(each!))];
            var status = Enum.Parse<ParkedStatus>((string)each!["status"]!, ignoreCase: true);
            var done = status != ParkedStatus.Parked;
            _parked[(owner, row.Entry.Place)] = row with
            {
                Attempts = row.Attempts + 1,
                Status = status,
                Error = (string?)each["error"] ?? row.Error,
                ResolvedAt = done ? (DateTimeOffset)each["at"]! : null,
                ResolvedBy = done ? (string)each["by"]! : null,
            };
        }

        if (consumed.Length > 0)
        {
            _held.Remove(owner);
        }
    }

    private static LedgerOwner OwnerOf(JsonNode address, LedgerOwner writer) =>
        new((string?)address["kind"] ?? writer.Kind, (string?)address["key"] ?? writer.Key);

    private static LedgerPlace PlaceOf(JsonNode mark) => new((long)mark["token"]!, (int)mark["number"]!);

    private LedgerClose? Closed() => _watermark is { } mark ? new LedgerClose(mark.Ledger, mark.ClosedAt) : null;
}
