using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The reminders of a cluster; the silo whose turn it is attaches itself and makes them tick.</summary>
internal sealed class ReminderSchedule
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _entries = new();
    private ReminderTicker? _ticker;

    public void Set(ReminderEntry entry)
    {
        _entries[(entry.GrainId, entry.ReminderName)] = entry;
        _ticker?.Set(entry);
    }

    public void Remove(GrainId grain, string name)
    {
        _entries.TryRemove((grain, name), out _);
        _ticker?.Remove(grain, name);
    }

    /// <summary>Takes over what the table holds; what it no longer holds ticks no more.</summary>
    public void Replace(IEnumerable<ReminderEntry> rows)
    {
        var present = rows.ToDictionary(row => (row.GrainId, row.ReminderName));
        foreach (var key in _entries.Keys.Where(key => !present.ContainsKey(key)).ToArray())
        {
            Remove(key.Grain, key.Name);
        }

        foreach (var (key, row) in present)
        {
            if (_entries.GetValueOrDefault(key)?.ETag != row.ETag || _ticker?.Has(key) == false)
            {
                Set(row);
            }
        }
    }

    public void Attach(ReminderTicker ticker)
    {
        _ticker = ticker;
        foreach (var entry in _entries.Values)
        {
            ticker.Set(entry);
        }
    }

    public void Detach(ReminderTicker ticker) => Interlocked.CompareExchange(ref _ticker, null, ticker);
}
