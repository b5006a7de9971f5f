using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace StellarPay.SingleNode;

/// <summary>Registers reminders for the grains of a silo.</summary>
internal sealed class ReminderRegistry(
    IReminderTable table, Silo silo, TimeProvider time, IOptions<ReminderOptions> options) : IReminderRegistry
{
    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        Check(reminderName, dueTime, period);
        var entry = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        entry.ETag = await table.UpsertRow(entry)
            ?? throw new ReminderException($"Could not register reminder {reminderName} of {callingGrainId}.");
        Schedule.Set(entry);
        return new Reminder(reminderName, callingGrainId, entry.ETag);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        if (reminder is not Reminder own)
        {
            throw new ArgumentException("The reminder is not one that this runtime gave.", nameof(reminder));
        }

        if (!await table.RemoveRow(callingGrainId, own.ReminderName, own.ETag))
        {
            throw new ReminderException(
                $"Could not unregister reminder {own.ReminderName} of {callingGrainId}: it was changed since it was read.");
        }

        Schedule.Remove(callingGrainId, own.ReminderName);
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        return await table.ReadRow(callingGrainId, reminderName) is { } entry ? Of(entry) : null;
    }

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        [.. (await table.ReadRows(callingGrainId)).Reminders.Select(Of)];

    private ReminderSchedule Schedule => silo.Cluster.Shared(static () => new ReminderSchedule());

    private static Reminder Of(ReminderEntry entry) => new(entry.ReminderName, entry.GrainId, entry.ETag ?? "");

    private void Check(string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "A reminder's due time is not negative or infinite.");
        }

        if (period < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "A reminder's period is not negative or infinite.");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"Cannot register reminder {reminderName} as requested period ({period}) is less than minimum allowed "
                + $"reminder period ({options.Value.MinimumReminderPeriod})");
        }

        ArgumentException.ThrowIfNullOrEmpty(reminderName);
    }

    private sealed record Reminder(string ReminderName, GrainId GrainId, string ETag) : IGrainReminder;
}
