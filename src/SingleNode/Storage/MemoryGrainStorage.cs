using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace StellarPay.SingleNode;

/// <summary>The rows of all memory storages of a cluster.</summary>
internal sealed class MemoryRows
{
    private readonly ConcurrentDictionary<(string Provider, string State, GrainId Grain), Row> _rows = new();

    public Row? Read((string, string, GrainId) key) => _rows.GetValueOrDefault(key);

    /// <summary>Replaces a row if it still has the expected tag; null as payload means cleared.</summary>
    public (bool Done, Row? Present) Replace((string, string, GrainId) key, string? expected, BinaryData? payload)
    {
        while (true)
        {
            var present = Read(key);
            if (present?.ETag != expected)
            {
                return (false, present);
            }

            var next = new Row(payload, ((present?.Version ?? 0) + 1));
            var done = present is null ? _rows.TryAdd(key, next) : _rows.TryUpdate(key, next, present);
            if (done)
            {
                return (true, next);
            }
        }
    }

    internal sealed record Row(BinaryData? Payload, int Version)
    {
        public string ETag => Version.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Keeps state in memory for as long as the cluster lasts.</summary>
internal sealed class MemoryGrainStorage(string name, Silo silo, IGrainStorageSerializer serializer) : IGrainStorage
{
    private MemoryRows Rows => silo.Cluster.Shared(static () => new MemoryRows());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = Rows.Read((name, stateName, grainId));
        grainState.ETag = row?.ETag;
        grainState.RecordExists = row?.Payload is not null;
        grainState.State = row?.Payload is { } payload
            ? serializer.Deserialize<T>(payload)
            : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, serializer.Serialize(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.RecordExists || grainState.ETag is not null)
        {
            grainState.ETag = Replace(stateName, grainId, grainState.ETag, null);
        }

        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private string Replace(string stateName, GrainId grainId, string? expected, BinaryData? payload)
    {
        var (done, present) = Rows.Replace((name, stateName, grainId), expected, payload);
        return done ? present!.ETag : throw new InconsistentStateException(
            $"Version conflict: ProviderName={name} State={stateName} GrainId={grainId}", present?.ETag, expected);
    }
}
