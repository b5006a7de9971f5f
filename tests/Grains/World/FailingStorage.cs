using System.Text;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Storage;

namespace StellarPay.Grains.Tests.World;

/// <summary>When a write fails.</summary>
public enum Failing
{
    BeforeTheWrite,
    AfterTheWriteTookEffect,

    /// <summary>Before it, and for no passing reason: what is written is at fault, by a bug that nobody knows yet.</summary>
    Refused,
}

/// <summary>The writes that a test wants to fail, each once.</summary>
internal sealed class FailingWrites
{
    private readonly Lock _lock = new();
    private readonly List<(string State, Func<string, bool> When, Failing How)> _failures = [];
    private readonly Dictionary<string, int> _reads = [];

    /// <summary>The next so many reads of that state fail.</summary>
    public void AddReads(string stateName, int count)
    {
        lock (_lock)
        {
            _reads[stateName] = count;
        }
    }

    /// <summary>Whether this read is to fail.</summary>
    public bool TakeRead(string stateName)
    {
        lock (_lock)
        {
            return _reads.GetValueOrDefault(stateName) > 0 && _reads[stateName]-- > 0;
        }
    }

    public void Add(string stateName, Failing how, Func<string, bool>? when)
    {
        lock (_lock)
        {
            _failures.Add((stateName, when ?? (_ => true), how));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _failures.Clear();
            _reads.Clear();
        }
    }

    /// <summary>How this write is to fail, or null; the next like it succeeds.</summary>
    public Failing? Take(string stateName, Func<string> json)
    {
        lock (_lock)
        {
            var index = _failures.FindIndex(failure => failure.State == stateName && failure.When(json()));
            if (index < 0)
            {
                return null;
            }

            var how = _failures[index].How;
            _failures.RemoveAt(index);
            return how;
        }
    }
}

/// <summary>Fails when told to, before a write or after it took effect; else does what the storage behind it does.</summary>
internal sealed class FailingStorage(IGrainStorage storage, FailingWrites failures) : IGrainStorage
{
    private static readonly StateSerializer Serializer = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => failures.TakeRead(stateName)
        ? Task.FromException(new IOException("The database is not there."))
        : storage.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var how = failures.Take(stateName, () => Encoding.UTF8.GetString(Serializer.Serialize(grainState.State).ToMemory().Span));
        if (how == Failing.BeforeTheWrite)
        {
            throw new IOException("The database is not there.");
        }

        if (how == Failing.Refused)
        {
            throw new InvalidOperationException("What is written is at fault.");
        }

        var (etag, exists) = (grainState.ETag, grainState.RecordExists);
        await storage.WriteStateAsync(stateName, grainId, grainState);
        if (how == Failing.AfterTheWriteTookEffect)
        {
            // Whoever lost the answer does not know the new version.
            (grainState.ETag, grainState.RecordExists) = (etag, exists);
            throw new IOException("The database was lost after it had written.");
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        await storage.ClearStateAsync(stateName, grainId, grainState);
}
