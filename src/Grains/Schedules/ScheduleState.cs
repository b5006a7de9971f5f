using System.Text.Json.Serialization;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Schedules;

/// <summary>A user's schedules as they are stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.ScheduleBookState")]
internal sealed class ScheduleBookState : IRowState
{
    [Id(0)] public string? Owner { get; set; }

    /// <summary>Those that are not over, and the most recent that are; oldest first. Rows of their own.</summary>
    [Id(1), JsonIgnore] public List<ScheduleRecord> Schedules { get; set; } = [];

    /// <summary>The business time at which the book must look at itself; null where nothing is due.</summary>
    [Id(2)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The events of the write under way; storage takes them out.</summary>
    [field: NonSerialized] public List<OutboxEvent> Outbox { get; set; } = [];

    /// <summary>The idempotency keys of the write under way; storage takes them out too.</summary>
    [field: NonSerialized] public List<IdempotencyKeyEntry> Keys { get; set; } = [];

    /// <inheritdoc />
    [field: NonSerialized] public ChildRows? Rows { get; set; }

    /// <inheritdoc />
    [Id(3), JsonIgnore] public KnownRow[] KnownRows { get; set; } = [];

    /// <summary>Whether its user is erased, so that none that is over is kept.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRetired { get; set; }
}

/// <summary>A schedule as it is stored.</summary>
[GenerateSerializer, Alias("sp.ScheduleRecord")]
internal sealed class ScheduleRecord
{
    public const int KeptOccurrences = 10;

    [Id(0)] public string Id { get; set; } = "";

    [Id(1)] public ScheduleStatus Status { get; set; }

    [Id(2)] public string Recipient { get; set; } = "";

    [Id(3)] public string Destination { get; set; } = "";

    /// <summary>The asset's canonical form.</summary>
    [Id(4)] public string Asset { get; set; } = "";

    [Id(5)] public long Stroops { get; set; }

    [Id(6)] public string? Memo { get; set; }

    [Id(7)] public Frequency Frequency { get; set; }

    [Id(8)] public DateTimeOffset StartAt { get; set; }

    [Id(9)] public string TimeZone { get; set; } = "";

    [Id(10)] public int? DayOfMonth { get; set; }

    [Id(11)] public DateTimeOffset? EndAt { get; set; }

    [Id(12)] public int? Count { get; set; }

    [Id(13)] public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The number of the next occurrence that has not been begun.</summary>
    [Id(14)] public int NextNumber { get; set; } = 1;

    /// <summary>When that one is due; null where there is none.</summary>
    [Id(15)] public DateTimeOffset? NextAt { get; set; }

    /// <summary>The occurrence that is being paid.</summary>
    [Id(16)] public OccurrenceRecord? Current { get; set; }

    /// <summary>Those that are over, newest last.</summary>
    [Id(17)] public List<OccurrenceRecord> Past { get; set; } = [];

    /// <summary>When it was over; null where it is not.</summary>
    [Id(20)] public DateTimeOffset? OverAt { get; set; }

    /// <summary>
    /// Whether whoever gave the order showed a second factor for it. Else it pays as a session without one does: an order that was given by
    /// a thief before there was a factor is not to get past it. Null where not.
    /// </summary>
    [Id(21), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsProven { get; set; }

    [JsonIgnore] public bool IsOver => Status is ScheduleStatus.Completed or ScheduleStatus.Cancelled;

    [JsonIgnore] public Recurrence Recurrence => new(Frequency, StartAt, TimeZone, DayOfMonth, EndAt, Count);

    /// <summary>When it must be looked at next: at its occurrence under way, else when the next is due.</summary>
    public DateTimeOffset? DueAt() =>
        Current is { } current ? current.StepAt
        : Status == ScheduleStatus.Active ? NextAt
        : null;

    public void Become(ScheduleStatus status, DateTimeOffset now)
    {
        Status = status;
        OverAt = IsOver ? now : null;
    }

    public void MoveTo(int? number)
    {
        NextNumber = number ?? NextNumber;
        NextAt = number is { } n ? Recurrence.At(n) : null;
    }

    /// <summary>A version before this one counted the start in an hour that comes twice as its first; then it was due too early.</summary>
    public void MendStart()
    {
        if (NextAt < StartAt)
        {
            MoveTo(NextNumber);
        }
    }

    public ScheduleView ToView() => new(
        ScheduleId.Parse(Id), Status, Recipient, Destination, new Amount(Money.Asset.Parse(Asset), Stroops), Memo, Frequency,
        StartAt, TimeZone, DayOfMonth, EndAt, Count, CreatedAt, IsOver ? null : NextAt,
        [.. (Current is null ? Past : Past.Append(Current)).Reverse().Select(o => o.ToView())]);
}

/// <summary>An occurrence as it is stored.</summary>
[GenerateSerializer, Alias("sp.OccurrenceRecord")]
internal sealed class OccurrenceRecord
{
    [Id(0)] public int Number { get; set; }

    [Id(1)] public DateTimeOffset DueAt { get; set; }

    [Id(2)] public OccurrenceStatus Status { get; set; }

    /// <summary>Which attempt is under way or was the last, from 1.</summary>
    [Id(3)] public int Attempt { get; set; }

    /// <summary>When that attempt began.</summary>
    [Id(4)] public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it must be looked at next.</summary>
    [Id(5)] public DateTimeOffset StepAt { get; set; }

    /// <summary>Whether that attempt is under way; else it waits for the next one, at <see cref="StepAt"/>.</summary>
    [Id(6)] public bool Trying { get; set; }

    /// <summary>The attempt's payment, once it is known.</summary>
    [Id(7)] public string? Payment { get; set; }

    [Id(8)] public string? FailureCode { get; set; }

    [Id(9)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Which idempotency key the wallet is asked under, from 1.</summary>
    [Id(10)] public int KeyNumber { get; set; }

    /// <summary>When it was first asked under that key; null where the next attempt has another.</summary>
    [Id(11)] public DateTimeOffset? KeySince { get; set; }

    /// <summary>When the wallet was asked last; null once it has answered.</summary>
    [Id(12)] public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Until then a question of before may still reach the wallet; null where each was answered.</summary>
    [Id(13)] public DateTimeOffset? DoubtUntil { get; set; }

    /// <summary>It is over: what served to pay it is needed no more.</summary>
    public void Ended(OccurrenceStatus status, DateTimeOffset now)
    {
        (Status, EndedAt, Trying) = (status, now, false);
        (StartedAt, StepAt, KeyNumber) = (default, default, 0);
        (KeySince, AskedAt, DoubtUntil) = (null, null, null);
    }

    public OccurrenceView ToView() => new(
        Number, DueAt, Status, Attempt, Payment is null ? null : PaymentId.Parse(Payment), FailureCode,
        Status == OccurrenceStatus.Paying ? StepAt : null, EndedAt);
}
