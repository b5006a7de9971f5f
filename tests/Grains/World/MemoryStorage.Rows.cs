using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.World;

// Witnesses and what owners tell each other, with the rules of pay_to_register, owner_rows_send, owner_rows_take, owner_rows_resolve and
// owner_rows_read.
internal sealed partial class MemoryStorage : ISetAsideRows
{
    private readonly Dictionary<(string Address, long Number), LedgerOwner> _payTo = [];
    private readonly SortedDictionary<
        (string Kind, string Key, string SenderKind, string SenderKey, int Version, int Number), ToldRow> _told = [];
    private readonly List<SetAsideRow> _setAside = [];

    // In which order it was told, as sent_at has it.
    private long _order;

    public Task<IReadOnlyList<OwnerRow>> ReadRowsAsync(
        LedgerOwner owner, LedgerPlace drained, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var held = new HashSet<LedgerOwner>();
            var rows = new List<OwnerRow>();
            foreach (var (key, told) in _told.Where(each => (each.Key.Kind, each.Key.Key) == (owner.Kind, owner.Key)))
            {
                var sender = new LedgerOwner(key.SenderKind, key.SenderKey);
                if (told.IsSetAside || (told.About is { } line && LineOf(line) > drained)
                    || (told.About is { } about && (StatusOf(owner, about) == ParkedStatus.Parked || IsAside(owner, about, told.Order))))
                {
                    held.Add(sender);
                }

                if (!held.Contains(sender) && rows.Count < limit)
                {
                    rows.Add(new OwnerRow(
                        sender, key.Version, key.Number, told.About, told.Content,
                        told.About is { } place && StatusOf(owner, place) == ParkedStatus.Closed));
                }
            }

            return Task.FromResult<IReadOnlyList<OwnerRow>>(rows);
        }
    }

    Task<IReadOnlyList<SetAsideRow>> ISetAsideRows.ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SetAsideRow>>([
                .. _setAside.Where(row => !open || row.Status == SetAsideStatus.Waiting).Where(row => before is null || row.Id < before)
                    .OrderByDescending(row => row.Id).Take(limit),
            ]);
        }
    }

    Task<SetAsideRow?> ISetAsideRows.FindAsync(long id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_setAside.Find(row => row.Id == id));
        }
    }

    Task<int> ISetAsideRows.CountOpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_setAside.Count(row => row.Status == SetAsideStatus.Waiting));
        }
    }

    public bool IsNumberTaken(Exception writeFailure) =>
        writeFailure is PostgresException { SqlState: "SP006" } || (writeFailure.InnerException is { } inner && IsNumberTaken(inner));

    /// <summary>Everything that owners were told and have not taken in.</summary>
    public int RowsWaiting
    {
        get
        {
            lock (_lock)
            {
                return _told.Count;
            }
        }
    }

    private IEnumerable<LedgerOwner> Told() =>
        _told.Where(each => !each.Value.IsSetAside).Select(each => new LedgerOwner(each.Key.Kind, each.Key.Key)).Distinct();

    private LedgerOwner? WitnessOf(LedgerEntry entry) =>
        entry.Payee() is { } payee && _payTo.TryGetValue((payee.Address, payee.Number), out var witness)
            && (payee.Key is null || payee.Key == witness.Key)
            ? witness
            : null;

    /// <summary>Whom a number names at an address; null for nobody.</summary>
    internal LedgerOwner? FindNamed(string address, long number)
    {
        lock (_lock)
        {
            return _payTo.GetValueOrDefault((address, number));
        }
    }

    private bool IsAside(LedgerOwner owner, LedgerPlace about, long order) => _told.Any(each =>
        (each.Key.Kind, each.Key.Key) == (owner.Kind, owner.Key)
        && each.Value.IsSetAside && each.Value.About == about && each.Value.Order < order);

    private ParkedStatus? StatusOf(LedgerOwner owner, LedgerPlace place) => _parked.GetValueOrDefault((owner, LineOf(place)))?.Status;

    // Parts of a line that was read later stand at its place.
    private static LedgerPlace LineOf(LedgerPlace place) => place with { Number = place.Number % (1 << 16) };

    private void RefuseRows(LedgerOwner owner, JsonNode marks)
    {
        foreach (var name in marks["payTo"]?.AsArray() ?? [])
        {
            if (_payTo.TryGetValue(NameOf(name!), out var there) && there != owner)
            {
                throw new PostgresException($"Number {name!["number"]} names somebody else.", "ERROR", "ERROR", "SP006");
            }
        }

        if (Taken(marks).Concat(Aside(marks)).Any(mark => _told.GetValueOrDefault(KeyOf(owner, mark)) is not { IsSetAside: false })
            || Resolved(marks).Any(mark => FindAside(owner, mark) is null))
        {
            throw new PostgresException($"{owner} takes in rows of others that are not there.", "ERROR", "ERROR", "SP002");
        }
    }

    private void TakeRows(LedgerOwner owner, int version, JsonNode marks)
    {
        foreach (var name in marks["payTo"]?.AsArray() ?? [])
        {
            _payTo[NameOf(name!)] = owner;
        }

        foreach (var (number, sent) in (marks["sent"]?.AsArray() ?? []).Index())
        {
            LedgerPlace? about = sent!["token"] is { } token ? new LedgerPlace((long)token, (int)sent["number"]!) : null;
            _told.Add(
                ((string)sent["kind"]!, (string)sent["key"]!, owner.Kind, owner.Key, version, number + 1),
                new ToldRow(about, JsonSerializer.SerializeToElement(sent["content"]), IsSetAside: false, ++_order));
        }

        foreach (var mark in Taken(marks))
        {
            _told.Remove(KeyOf(owner, mark));
        }

        var now = TimeProvider.System.GetUtcNow();
        foreach (var mark in Aside(marks))
        {
            var key = KeyOf(owner, mark);
            var told = _told[key] = _told[key] with { IsSetAside = true };
            _setAside.Add(new SetAsideRow(
                _setAside.Count + 1, owner,
                new OwnerRow(new LedgerOwner((string)mark["kind"]!, (string)mark["key"]!), key.Item5, key.Item6, told.About, told.Content),
                (string)mark["error"]!, 1, SetAsideStatus.Waiting, now, now, null, null));
        }

        foreach (var mark in Resolved(marks))
        {
            var row = FindAside(owner, mark)!;
            var status = Enum.Parse<SetAsideStatus>((string)mark["status"]!, ignoreCase: true);
            var done = status != SetAsideStatus.Waiting;
            _setAside[(int)row.Id - 1] = row with
            {
                Status = status,
                Attempts = row.Attempts + 1,
                Error = (string?)mark["error"] ?? row.Error,
                ResolvedAt = done ? now : null,
                ResolvedBy = done ? (string)mark["by"]! : null,
            };
            if (done)
            {
                _told.Remove(KeyOf(owner, mark));
            }
        }
    }

    private SetAsideRow? FindAside(LedgerOwner owner, JsonNode mark) => _setAside.Find(row =>
        row.Status == SetAsideStatus.Waiting
        && (owner.Kind, owner.Key, row.Row.Sender.Kind, row.Row.Sender.Key, row.Row.Version, row.Row.Number) == KeyOf(owner, mark)
        && row.Owner == owner);

    private static IEnumerable<JsonNode> Taken(JsonNode marks) => (marks["received"]?.AsArray() ?? []).Select(mark => mark!);

    private static IEnumerable<JsonNode> Aside(JsonNode marks) => (marks["setAside"]?.AsArray() ?? []).Select(mark => mark!);

    private static IEnumerable<JsonNode> Resolved(JsonNode marks) => (marks["resolvedRows"]?.AsArray() ?? []).Select(mark => mark!);

    private static (string Address, long Number) NameOf(JsonNode name) => ((string)name["address"]!, (long)name["number"]!);

    private static (string, string, string, string, int, int) KeyOf(LedgerOwner owner, JsonNode mark) =>
        (owner.Kind, owner.Key, (string)mark["kind"]!, (string)mark["key"]!, (int)mark["version"]!, (int)mark["number"]!);

    private sealed record ToldRow(LedgerPlace? About, JsonElement Content, bool IsSetAside, long Order);
}
