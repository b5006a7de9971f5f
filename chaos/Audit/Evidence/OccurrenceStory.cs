using System.Text.Json;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>An occurrence of a schedule, from its first event to its last.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Number">Which one.</param>
/// <param name="Ends">The events that ended it: one at most.</param>
/// <param name="Payments">Every payment that an event names for it.</param>
internal sealed record OccurrenceStory(
    string ScheduleId, string? Owner, int Number, IReadOnlyList<string> Ends, IReadOnlySet<string> Payments)
{
    private const string Prefix = "schedule.occurrence_";
    private const string Retrying = "schedule.occurrence_retrying";

    public const string Succeeded = Prefix + "succeeded";

    public static List<OccurrenceStory> ReadAll(IEnumerable<EventRow> events) =>
    [
        .. events.Where(row => row.Type.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(row => (Row: row, Occurrence: row.Data.GetProperty("occurrence")))
            .GroupBy(one => (one.Row.Text("scheduleId")!, one.Occurrence.GetProperty("number").GetInt32()))
            .Select(group => new OccurrenceStory(
                group.Key.Item1,
                group.First().Row.Owner,
                group.Key.Item2,
                [.. group.Select(one => one.Row.Type).Where(type => type != Retrying)],
                group.Select(one => PaymentOf(one.Occurrence)).OfType<string>().ToHashSet(StringComparer.Ordinal))),
    ];

    private static string? PaymentOf(JsonElement occurrence) =>
        occurrence.TryGetProperty("paymentId", out var payment) && payment.ValueKind == JsonValueKind.String ? payment.GetString() : null;
}
