using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Schedules;

/// <summary>Each schedule of a book is a row of its own; in memory they are members of the state.</summary>
internal static class ScheduleRows
{
    /// <summary>Fills the state with the rows that were read with it.</summary>
    /// <exception cref="InvalidOperationException">A row is of a kind that a later version stores.</exception>
    public static void Take(ScheduleBookState state)
    {
        if (state.Rows?.Stored is not { } stored)
        {
            return;
        }

        state.Rows = null;
        foreach (var (key, row) in stored)
        {
            state.Schedules.Add(key.StartsWith(ScheduleId.Prefix, StringComparison.Ordinal)
                ? RowDiff.Read<ScheduleRecord>(state, key, row)
                : throw new InvalidOperationException($"A book of {state.Owner} has a row {key}, which this version does not know."));
        }

        state.Schedules.ForEach(schedule => schedule.MendStart());

        // Oldest first, as they were; rows have no order.
        state.Schedules.Sort((one, other) => one.CreatedAt.CompareTo(other.CreatedAt) is var order and not 0
            ? order
            : string.CompareOrdinal(one.Id, other.Id));
    }

    /// <summary>Puts into the state what its next write does to the rows.</summary>
    public static void Put(ScheduleBookState state) =>
        RowDiff.Write(state, state.Schedules.Select(schedule => KeyValuePair.Create(schedule.Id, (object)schedule)));
}
