using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.World;

// Witnesses and what owners tell each other, with the rules of pay_to_register, owner_rows_send, owner_rows_take and owner_rows_read.
internal sealed partial class MemoryStorage
{
    private readonly Dictionary<(string Address, long Number), LedgerOwner> _payTo = [];
    private readonly SortedDictionary<
        (string Kind, string Key, string SenderKind, string SenderKey, int Version, int Number), ToldRow> _told = [];

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
                if (told.SetAside is not null || told.About > drained || (told.About is { } about && IsParked(owner, about)))
                {
                    held.Add(sender);
                }

                if (!held.Contains(sender) && rows.Count < limit)
                {
                    rows.Add(new OwnerRow(sender, key.Version, key.Number, told.About, told.Content));
                }
            }

            return Task.FromResult<IReadOnlyList<OwnerRow>>(rows);
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
        _told.Where(each => each.Value.SetAside is null).Select(each => new LedgerOwner(each.Key.Kind, each.Key.Key)).Distinct();

    private LedgerOwner? WitnessOf(LedgerEntry entry) =>
        entry.Payee() is { } payee && _payTo.TryGetValue((payee.Address, payee.Number), out var witness)
            && (payee.Key is null || payee.Key == witness.Key)
            ? witness
            : null;

    private bool IsParked(LedgerOwner owner, LedgerPlace place) =>
        _parked.TryGetValue((owner, place), out var row) && row.Status != ParkedStatus.Applied;

    private void RefuseRows(LedgerOwner owner, JsonNode marks)
    {
        foreach (var name in marks["payTo"]?.AsArray() ?? [])
        {
            if (_payTo.TryGetValue(NameOf(name!), out var there) && there != owner)
            {
                throw new PostgresException($"Number {name!["number"]} names somebody else.", "ERROR", "ERROR", "SP006");
            }
        }

        if (Taken(marks).Concat(Aside(marks)).Any(mark => _told.GetValueOrDefault(KeyOf(owner, mark)) is not { SetAside: null }))
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
                new ToldRow(about, JsonSerializer.SerializeToElement(sent["content"]), SetAside: null));
        }

        foreach (var mark in Taken(marks))
        {
            _told.Remove(KeyOf(owner, mark));
        }

        foreach (var mark in Aside(marks))
        {
            _told[KeyOf(owner, mark)] = _told[KeyOf(owner, mark)] with { SetAside = (string)mark["error"]! };
        }
    }

    private static IEnumerable<JsonNode> Taken(JsonNode marks) => (marks["received"]?.AsArray() ?? []).Select(mark => mark!);

    private static IEnumerable<JsonNode> Aside(JsonNode marks) => (marks["setAside"]?.AsArray() ?? []).Select(mark => mark!);

    private static (string Address, long Number) NameOf(JsonNode name) => ((string)name["address"]!, (long)name["number"]!);

    private static (string, string, string, string, int, int) KeyOf(LedgerOwner owner, JsonNode mark) =>
        (owner.Kind, owner.Key, (string)mark["kind"]!, (string)mark["key"]!, (int)mark["version"]!, (int)mark["number"]!);

    private sealed record ToldRow(LedgerPlace? About, JsonElement Content, string? SetAside);
}
