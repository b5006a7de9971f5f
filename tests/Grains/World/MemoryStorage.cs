using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Invitations;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network.Claims;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Grains.Tests.World;

/// <summary>
/// Keeps states as the JSON that the product stores and refuses what <c>grain_state_write</c> refuses, with its SQLSTATEs:
/// a contract test runs the same cases over both. Outlives silos, as a database does.
/// </summary>
internal sealed partial class MemoryStorage : WorldStorage, IGrainStorage, IDueIndex, IIdempotencyIndex, IPaymentArchive
{
    private static readonly StateSerializer Serializer = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<(string State, string Key), (string? Payload, int Version)> _rows = [];
    private readonly Dictionary<(string State, string Key), SortedDictionary<string, string>> _children = [];
    private readonly List<JsonObject> _events = [];
    private readonly Dictionary<(string Key, string Hash), IdempotencyKeyEntry> _keys = [];

    public override JsonObject[] Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public override (string State, string Key)[] Places
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Where(row => row.Value.Payload is not null).Select(row => row.Key)];
            }
        }
    }

    public override void AddTo(ISiloBuilder silo)
    {
        AddStorage(silo.Services, _ => this);
        silo.Services.AddSingleton<IDueIndex>(this);
        silo.Services.AddSingleton<IKeyInventory>(this);
        silo.Services.AddSingleton<IIdempotencyIndex>(this);
        silo.Services.AddSingleton<IPaymentArchive>(this);
        silo.Services.AddSingleton<IPayeeAccounts>(new MemoryPayees(this));
        silo.Services.AddSingleton<IInvitationRefusals, PostgresInvitationRefusals>();
        silo.Services.AddSingleton<IPlatformAccounts>(this);
        silo.Services.AddSingleton<ILedgerInbox>(this);
        silo.Services.AddSingleton<IParkedRows>(this);
        silo.Services.AddSingleton<ISetAsideRows>(this);
        silo.Services.AddSingleton<IClaimableBalances>(Balances);
        silo.Services.AddSingleton<IUnmatchedReceipts>(Receipts);
        silo.Services.AddSingleton<ISuspense>(Suspense);
        silo.Services.AddSingleton<ITestClocks, NoTestClocks>();
    }

    public override JsonObject? Find(string stateName, string key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault((stateName, key)).Payload is { } payload ? JsonNode.Parse(payload)!.AsObject() : null;
        }
    }

    public override IReadOnlyDictionary<string, JsonObject> Rows(string stateName, string key)
    {
        lock (_lock)
        {
            return ChildrenOf((stateName, key)).ToDictionary(row => row.Key, row => JsonNode.Parse(row.Value)!.AsObject());
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            var place = (stateName, grainId.Key.ToString()!);
            var found = _rows.TryGetValue(place, out var row);
            grainState.State = row.Payload is { } payload
                ? Serializer.Deserialize<T>(BinaryData.FromString(StoredRows.Join(payload, ChildrenOf(place))))!
                : Activator.CreateInstance<T>();
            grainState.ETag = found ? Text(row.Version) : null;
            grainState.RecordExists = row.Payload is not null;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var write = StoredWrite.Parse(StateKey.Of(stateName, grainId).GrainKey, Serializer.Serialize(grainState.State));
        CarriedRows<T>.Detach(grainState.State);
        lock (_lock)
        {
            var version = _rows.TryGetValue((stateName, write.Key), out var row) ? row.Version : 0;
            if (grainState.ETag != (version == 0 ? null : Text(version)))
            {
                throw new InconsistentStateException($"{stateName} of {write.Key} is at version {version}, not {grainState.ETag}.");
            }

            write.Rows.RequireFit();
            write.RequireNewKeys(_keys);
            write.RequireWholeEvents();
            Invited.Require(write.Key, write.Invited);
            TakeMarks(stateName, write.Key, version + 1, write.Inbox);
            foreach (var entry in write.Keys)
            {
                _keys[(entry.Scope ?? write.Key, entry.Hash)] = entry;
            }

            _rows[(stateName, write.Key)] = (write.State, version + 1);
            write.Rows.Apply(ChildrenOf((stateName, write.Key)));
            Invited.Apply(write.Key, write.Invited);
            _events.AddRange(write.Events);
            grainState.ETag = Text(version + 1);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var place = (stateName, StateKey.Of(stateName, grainId).GrainKey);
        lock (_lock)
        {
            if (!_rows.TryGetValue(place, out var row) || grainState.ETag != Text(row.Version))
            {
                throw new InconsistentStateException($"{stateName} of {place.GrainKey} is at version {row.Version}, not {grainState.ETag}.");
            }

            _rows[place] = (null, row.Version + 1);
            ChildrenOf(place).Clear();
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), Text(row.Version + 1), false);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ReadNamesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. DueBy(now).Select(e => e.StateName).Distinct()]);

    public Task<IReadOnlyList<DueEntry>> ReadAsync(
        DueQuery query, DueEntry? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DueEntry>>(
        [
            .. DueBy(query.Now)
                .Where(e => e.StateName == query.StateName && e.GrainKey.Sum(c => c) % query.Partitions == query.Partition)
                .OrderBy(e => e.DueAt).ThenBy(e => e.GrainKey, StringComparer.Ordinal)
                .Where(e => after is null || (e.DueAt, e.GrainKey).CompareTo((after.DueAt, after.GrainKey)) > 0)
                .Take(limit),
        ]);

    private List<DueEntry> DueBy(DateTimeOffset now)
    {
        lock (_lock)
        {
            return
            [
                .. _rows
                    .Where(r => r.Value.Payload is not null)
                    .Select(r => (r.Key, DueAt: (DateTimeOffset?)JsonNode.Parse(r.Value.Payload!)!["dueAt"]))
                    .Where(r => r.DueAt <= now)
                    .Select(r => new DueEntry(r.Key.State, r.Key.Key, r.DueAt!.Value)),
            ];
        }
    }

    public Task<IReadOnlyList<IdempotencyKeyEntry>> ReadAsync(
        string grainKey, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<IdempotencyKeyEntry>>(
                [.. _keys.Where(k => k.Key.Key == grainKey && k.Value.Until > now).Select(k => k.Value).Take(limit)]);
        }
    }

    public Task<IdempotencyKeyEntry?> FindAsync(
        string grainKey, string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_keys.TryGetValue((grainKey, hash), out var entry) && entry.Until > now ? entry : null);
        }
    }

    public bool IsTaken(Exception writeFailure) =>
        writeFailure is PostgresException { SqlState: StoredWrite.KeyTaken }
        || (writeFailure.InnerException is { } inner && IsTaken(inner));

    public Task<IReadOnlyList<PaymentEvent>> ReadAsync(PaymentId payment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<PaymentEvent>>(
            [
                .. _events.Where(e => (string)e["subject"]! == payment.Value).Select(e => new PaymentEvent(
                    (string)e["type"]!, (DateTimeOffset)e["at"]!, (string?)e["owner"],
                    e["data"].Deserialize<PaymentEventData>(JsonSerializerOptions.Web)!)),
            ]);
        }
    }

    public override void TakeKey(string grainKey, IdempotencyKeyEntry entry)
    {
        lock (_lock)
        {
            _keys[(grainKey, entry.Hash)] = entry;
        }
    }

    private SortedDictionary<string, string> ChildrenOf((string State, string Key) place)
    {
        if (!_children.TryGetValue(place, out var rows))
        {
            _children[place] = rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        }

        return rows;
    }

    private static string Text(int version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
