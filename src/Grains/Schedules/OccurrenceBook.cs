using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Schedules;

/// <summary>What becomes of a schedule's occurrences: begun, tried, tried again, over. Touches nothing but the state.</summary>
internal sealed partial class OccurrenceBook(ScheduleEvents events, TimeProvider business, ILogger logger)
{
    /// <summary>The code of an attempt of which nobody can say any more what became of it.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    private const string PaymentCancelledCode = "payment_cancelled";

    // An occurrence found later than this is reported, not paid: its owner has long seen that it was not.
    private static readonly TimeSpan MissedAfter = TimeSpan.FromHours(24);

    // The wallet keeps an idempotency key for 24 hours; the same attempt is never made again near its end.
    private static readonly TimeSpan KeyIsSafeFor = TimeSpan.FromHours(20);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    /// <summary>How long after a failed attempt the next one begins.</summary>
    private static readonly TimeSpan[] RetryAfter =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    private DateTimeOffset Now => business.GetUtcNow();

    /// <summary>The next occurrence becomes the current one; false if it was found too late.</summary>
    public bool Begin(ScheduleRecord schedule)
    {
        var occurrence = new OccurrenceRecord
        {
            Number = schedule.NextNumber, DueAt = schedule.NextAt!.Value, Status = OccurrenceStatus.Paying, StepAt = Now,
        };
        schedule.MoveTo(schedule.Recurrence.At(occurrence.Number + 1) is null ? null : occurrence.Number + 1);
        if (occurrence.DueAt + MissedAfter >= Now)
        {
            schedule.Current = occurrence;
            return true;
        }

        LogMissed(logger, schedule.Id, occurrence.Number, occurrence.DueAt);
        End(schedule, occurrence, OccurrenceStatus.Missed, EventTypes.OccurrenceMissed);
        CompleteIfOver(schedule);
        return false;
    }

    /// <summary>An attempt begins. Stored before the wallet is asked: whatever happens, it has this key.</summary>
    public void Attempt(OccurrenceRecord current)
    {
        current.Attempt++;
        current.Trying = true;
        current.StartedAt = Now;
        current.StepAt = Now + LookAgain;
        current.Payment = null;
    }

    /// <summary>Whether the wallet still knows the attempt's key, so that it can be asked again.</summary>
    public bool IsKeySafe(OccurrenceRecord current) => current.StartedAt + KeyIsSafeFor >= Now;

    /// <summary>What the wallet says of an attempt; null where it gave no answer.</summary>
    public void Judge(ScheduleRecord schedule, OccurrenceRecord current, Result<PaymentView>? answer)
    {
        if (answer is null or { Error.Kind: ErrorKind.Unavailable or ErrorKind.RateLimited })
        {
            if (IsKeySafe(current))
            {
                current.FailureCode = answer?.Error?.Code;
                current.StepAt = Now + TryAgain;
                return;
            }

            FailAttempt(schedule, current, answer?.Error?.Code ?? OutcomeUnknown);
            return;
        }

        if (!answer.IsSuccess)
        {
            FailAttempt(schedule, current, answer.Error.Code);
            return;
        }

        var payment = answer.Value;
        current.Payment = payment.Id.Value;
        switch (payment.Status)
        {
            case PaymentStatus.Succeeded:
                current.FailureCode = null;
                End(schedule, current, OccurrenceStatus.Succeeded, EventTypes.OccurrenceSucceeded);
                break;
            case PaymentStatus.Cancelled:
                current.FailureCode = PaymentCancelledCode;
                End(schedule, current, OccurrenceStatus.Skipped, EventTypes.OccurrenceSkipped);
                break;
            case PaymentStatus.Failed or PaymentStatus.Expired:
                FailAttempt(schedule, current, payment.FailureCode ?? "payment_expired");
                break;
            default:
                var under = (Now - current.StartedAt) / 4;
                current.StepAt = Now + (under < LookAgain ? LookAgain : under < LongestLook ? under : LongestLook);
                break;
        }
    }

    private void FailAttempt(ScheduleRecord schedule, OccurrenceRecord current, string code)
    {
        current.FailureCode = code;
        var unwanted = schedule.Status != ScheduleStatus.Active;
        if (current.Attempt > RetryAfter.Length || code == OutcomeUnknown || unwanted)
        {
            LogFailed(logger, schedule.Id, current.Number, current.Attempt, code);
            End(schedule, current, OccurrenceStatus.Failed, EventTypes.OccurrenceFailed);
            return;
        }

        current.Trying = false;
        current.StepAt = Now + RetryAfter[current.Attempt - 1];
        events.Raise(EventTypes.OccurrenceRetrying, schedule, current);
    }

    /// <summary>An occurrence is over.</summary>
    public void End(ScheduleRecord schedule, OccurrenceRecord occurrence, OccurrenceStatus status, string eventType)
    {
        occurrence.Status = status;
        occurrence.Trying = false;
        occurrence.EndedAt = Now;
        schedule.Current = null;
        schedule.Past.Add(occurrence);
        if (schedule.Past.Count > ScheduleRecord.KeptOccurrences)
        {
            schedule.Past.RemoveAt(0);
        }

        events.Raise(eventType, schedule, occurrence);
    }

    /// <summary>A schedule of which nothing is left to be paid is completed.</summary>
    public void CompleteIfOver(ScheduleRecord schedule)
    {
        if (!schedule.IsOver && schedule is { Current: null, NextAt: null })
        {
            schedule.Status = ScheduleStatus.Completed;
            events.Raise(EventTypes.ScheduleCompleted, schedule);
        }
    }

    [LoggerMessage(1701, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} was due at {DueAt} and is not paid so late.")]
    private static partial void LogMissed(ILogger logger, string schedule, int number, DateTimeOffset dueAt);

    [LoggerMessage(1703, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} is not paid after {Attempts} attempts: {Code}.")]
    private static partial void LogFailed(ILogger logger, string schedule, int number, int attempts, string code);
}
