using System.Text.Json;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Schedules;

/// <summary>Puts the events of a change into the state with which they are written.</summary>
internal sealed class ScheduleEvents(ScheduleBookState state, TimeProvider business)
{
    public void Raise(string type, ScheduleRecord schedule, OccurrenceRecord? occurrence = null) =>
        state.Outbox.Add(new OutboxEvent(
            EventId.New(business).Value, type, business.GetUtcNow(), schedule.Id, state.Owner,
            EventJson.Write(new ScheduleEventData(
                schedule.Id, Text(schedule.Status), schedule.Recipient, schedule.Destination, schedule.Asset,
                Amount.Format(schedule.Stroops), schedule.Memo, Text(schedule.Frequency),
                schedule.IsOver ? null : schedule.NextAt?.ToUniversalTime(),
                occurrence is null ? null : DataOf(occurrence)))));

    private static OccurrenceEventData DataOf(OccurrenceRecord occurrence) => new(
        occurrence.Number, occurrence.DueAt.ToUniversalTime(), Text(occurrence.Status), occurrence.Attempt, occurrence.Payment,
        occurrence.FailureCode,
        occurrence.Status == OccurrenceStatus.Paying ? occurrence.StepAt.ToUniversalTime() : null);

    private static string Text<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
