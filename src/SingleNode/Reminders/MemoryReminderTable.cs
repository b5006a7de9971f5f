using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The reminders of a cluster that keeps them in memory.</summary>
internal sealed class MemoryReminders
{
    private int _lastTag;

    public ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> Rows { get; } = new();

    public string NextTag() => Interlocked.Increment(ref _lastTag).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Keeps reminders for as long as the cluster lasts.</summary>
internal sealed class MemoryReminderTable(Silo silo) : IReminderTable
{
    private MemoryReminders Reminders => silo.Cluster.Shared(static () => new MemoryReminders());

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Task.FromResult(new ReminderTableData(Reminders.Rows.Values.Where(row => row.GrainId == grainId)));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        Task.FromResult(new ReminderTableData(Reminders.Rows.Values.Where(row => IsWithin(row, begin, end))));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(Reminders.Rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Reminders.NextTag();
        Reminders.Rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        Reminders.Rows.TryGetValue((grainId, reminderName), out var row) && row.ETag == eTag
        && Reminders.Rows.TryRemove(KeyValuePair.Create((grainId, reminderName), row)));

    public Task TestOnlyClearTable()
    {
        Reminders.Rows.Clear();
        return Task.CompletedTask;
    }

    // The range is open at its beginning, closed at its end, and goes round where it does not begin before it ends.
    private static bool IsWithin(ReminderEntry row, uint begin, uint end)
    {
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    }
}
