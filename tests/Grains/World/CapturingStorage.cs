using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orleans.Storage;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Tests.World;

/// <summary>When a write fails.</summary>
public enum Failing
{
    BeforeTheWrite,
    AfterTheWriteTookEffect,
}

/// <summary>
/// Keeps states as the JSON that the product stores, takes the events out of the outbox as the product's storage does,
/// refuses stale writes, fails when told to, and answers what is due. Outlives silos, as a database does.
/// </summary>
internal sealed partial class CapturingStorage : IGrainStorage, IDueIndex, IIdempotencyIndex, IPaymentArchive
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<(string State, string Key), (string Payload, int Version)> _rows = [];
    private readonly List<JsonObject> _events = [];
    private readonly Dictionary<(string Key, string Hash), IdempotencyKeyEntry> _keys = [];
    private readonly List<(string State, Func<string, bool> When, Failing How)> _failures = [];

    /// <summary>Every event that was stored, in order.</summary>
    public JsonObject[] Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Where states are stored.</summary>
    public (string State, string Key)[] Places
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Keys];
            }
        }
    }

    /// <summary>All that is stored, as text.</summary>
    public string AllText
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _rows.Values.Select(r => r.Payload).Concat(_events.Select(e => e.ToJsonString())));
            }
        }
    }

    /// <summary>The next write of that state whose JSON fulfils the condition fails.</summary>
    public void FailNextWrite(string stateName, Failing how, Func<string, bool>? when = null)
    {
        lock (_lock)
        {
            _failures.Add((stateName, when ?? (_ => true), how));
        }
    }

    /// <summary>What is stored, or null.</summary>
    public JsonObject? Find(string stateName, string key)
    {
        lock (_lock)
        {
            return _rows.TryGetValue((stateName, key), out var row) ? JsonNode.Parse(row.Payload)!.AsObject() : null;
        }
    }

    public JsonObject Stored(string stateName, string key)
    {
        lock (_lock)
        {
            return JsonNode.Parse(_rows[(stateName, key)].Payload)!.AsObject();
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            var found = _rows.TryGetValue((stateName, grainId.Key.ToString()!), out var row);
            grainState.State = found ? JsonSerializer.Deserialize<T>(row.Payload, Json)! : Activator.CreateInstance<T>();
            grainState.ETag = found ? Text(row.Version) : null;
            grainState.RecordExists = found;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        var state = JsonSerializer.SerializeToNode(grainState.State, Json)!.AsObject();
        lock (_lock)
        {
            var failure = _failures.FindIndex(f => f.State == stateName && f.When(state.ToJsonString()));
            var how = failure >= 0 ? _failures[failure].How : default(Failing?);
            if (failure >= 0)
            {
                _failures.RemoveAt(failure);
            }

            if (how == Failing.BeforeTheWrite)
            {
                throw new IOException("The database is not there.");
            }

            var version = _rows.TryGetValue((stateName, key), out var row) ? row.Version : 0;
            if (grainState.ETag != (version == 0 ? null : Text(version)))
            {
                throw new InconsistentStateException($"{stateName} of {key} is at version {version}, not {grainState.ETag}.");
            }

            var outbox = state["outbox"]?.AsArray() ?? [];
            var keys = state["keys"]?.Deserialize<IdempotencyKeyEntry[]>(Json) ?? [];
            if (keys.Any(k => _keys.TryGetValue((key, k.Hash), out var there) && there.Until > k.Until - IdempotencyLedger.Lifetime))
            {
                throw new KeyIsTakenException();
            }

            state.Remove("outbox");
            state.Remove("keys");
            foreach (var entry in keys)
            {
                _keys[(key, entry.Hash)] = entry;
            }

            _rows[(stateName, key)] = (state.ToJsonString(), version + 1);
            _events.AddRange(outbox.Select(e => e!.DeepClone().AsObject()));
            if (how == Failing.AfterTheWriteTookEffect)
            {
                throw new IOException("The database was lost after it had written.");
            }

            grainState.ETag = Text(version + 1);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("No grain clears its state.");

    public Task<IReadOnlyList<DueEntry>> ReadAsync(
        DateTimeOffset now, int partition, int partitions, DueEntry? after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            IReadOnlyList<DueEntry> due =
            [
                .. _rows
                    .Where(r => r.Key.Key.Sum(c => c) % partitions == partition)
                    .Select(r => (r.Key, DueAt: (DateTimeOffset?)JsonNode.Parse(r.Value.Payload)!["dueAt"]))
                    .Where(r => r.DueAt <= now)
                    .Select(r => new DueEntry(r.Key.State, r.Key.Key, r.DueAt!.Value))
                    .OrderBy(e => e.DueAt).ThenBy(e => e.StateName, StringComparer.Ordinal)
                    .ThenBy(e => e.GrainKey, StringComparer.Ordinal)
                    .Where(e => after is null || Compare(e, after) > 0)
                    .Take(limit),
            ];
            return Task.FromResult(due);
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
        writeFailure is KeyIsTakenException || (writeFailure.InnerException is { } inner && IsTaken(inner));

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

    /// <summary>Stores a key behind the grain's back, as another activation would.</summary>
    public void TakeKey(string grainKey, IdempotencyKeyEntry entry)
    {
        lock (_lock)
        {
            _keys[(grainKey, entry.Hash)] = entry;
        }
    }

    private static int Compare(DueEntry a, DueEntry b) =>
        (a.DueAt, a.StateName, a.GrainKey).CompareTo((b.DueAt, b.StateName, b.GrainKey));

    private static string Text(int version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An idempotency key was there.</summary>
internal sealed class KeyIsTakenException() : IOException("An idempotency key was used before.");
