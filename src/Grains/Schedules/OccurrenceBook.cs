using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// What becomes of occurrences. Of one payment at most: the wallet is asked under the same key until it has said what came of it,
/// and under another one only where a payment has failed for good.
/// </summary>
internal sealed partial class OccurrenceBook(ScheduleBookState state, ScheduleEvents events, ILogger logger)
{
    private const string PaymentCancelledCode = "payment_cancelled";

    // Another request holds the key: what came of it is not known yet.
    private const string KeyInUseCode = "idempotency_key_in_use";

    // The payer used the key for something else: under it nothing was paid, and never is.
    private const string KeyReusedCode = "idempotency_key_reused";

    // An occurrence found later than this is reported, not paid: its owner has long seen that it was not.
    private static readonly TimeSpan MissedAfter = TimeSpan.FromHours(24);

    // The wallet keeps an idempotency key for 24 hours; it is never used again near its end.
    private static readonly TimeSpan KeyIsSafeFor = TimeSpan.FromHours(20);

    // So long a question that had no answer may still reach the wallet; a refusal is no last word before.
    private static readonly TimeSpan OnItsWayFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    /// <summary>How long after a failed attempt the next one begins.</summary>
    private static readonly TimeSpan[] RetryAfter =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    /// <summary>Takes what is due of a schedule in hand. To be stored before the wallet is asked.</summary>
    /// <returns>What the wallet is to be asked; null where it was found too late to be paid.</returns>
    public ScheduleOrder? Take(ScheduleRecord schedule, DateTimeOffset now)
    {
        if (schedule.Current is null && !Begin(schedule, now))
        {
            return null;
        }

        var current = schedule.Current!;
        if (!current.Trying)
        {
            current.Attempt++;
            current.Trying = true;
            current.StartedAt = now;
            current.Payment = null;
            // What was refused for good was not paid under the old key, and so may have a new one.
            current.KeySince = current.KeySince + KeyIsSafeFor < now ? null : current.KeySince;
        }

        if (current.KeySince is null)
        {
            current.KeyNumber++;
            current.KeySince = now;
        }

        if (current.AskedAt is not null)
        {
            current.DoubtUntil = now + OnItsWayFor;
        }

        current.AskedAt = now;
        current.StepAt = now + LookAgain;
        return OrderOf(schedule, current, now);
    }

    /// <summary>Judges what the wallet said. False where it was about something that is over.</summary>
    public bool Judge(ScheduleAnswer answer, DateTimeOffset now)
    {
        var (order, payment) = answer;
        var schedule = state.Schedules.Find(s => s.Id == order.ScheduleId);
        if (schedule?.Current is not { Trying: true } current || (current.Number, current.Attempt) != (order.Number, order.Attempt))
        {
            return false;
        }

        if (payment is not null)
        {
            current.AskedAt = null;
        }

        switch (payment)
        {
            case null or { Error.Kind: ErrorKind.Unavailable or ErrorKind.RateLimited } or { Error.Code: KeyInUseCode }:
                AskAgain(current, payment?.Error?.Code, now);
                break;
            case { IsSuccess: false, Error.Code: var code } when now < current.DoubtUntil && code != SchedulePayer.OutcomeUnknown:
                AskAgain(current, code, now);
                break;
            case { IsSuccess: false, Error.Code: var code }:
                FailAttempt(schedule, current, code, paidFor: code == KeyReusedCode, now);
                break;
            case { IsSuccess: true }:
                Judge(schedule, current, payment.Value, now);
                break;
        }

        SkipIfUnwanted(schedule, now);
        CompleteIfOver(schedule, now);
        return true;
    }

    /// <summary>A schedule was paused, resumed or cancelled: an occurrence that waits for its next attempt is passed over.</summary>
    public void Changed(ScheduleRecord schedule, DateTimeOffset now)
    {
        SkipIfUnwanted(schedule, now);
        CompleteIfOver(schedule, now);
    }

    private ScheduleOrder OrderOf(ScheduleRecord schedule, OccurrenceRecord current, DateTimeOffset now) => new(
        UserId.Parse(state.Owner), schedule.Id, current.Number, current.Attempt,
        current.Payment is { } known ? PaymentId.Parse(known) : null,
        current.KeySince + KeyIsSafeFor < now
            ? null
            : new QuoteRequest(
                schedule.Destination, schedule.Recipient, schedule.Asset, Amount.Format(schedule.Stroops), schedule.Memo,
                $"{schedule.Id}:{current.Number}:{current.KeyNumber}", ConfirmsAtOnce: true,
                Proof: schedule.IsProven is true ? PayerProof.StandingOrder : PayerProof.Session));

    // The next occurrence becomes the current one; false if it was found too late.
    private bool Begin(ScheduleRecord schedule, DateTimeOffset now)
    {
        var occurrence = new OccurrenceRecord
        {
            Number = schedule.NextNumber, DueAt = schedule.NextAt!.Value, Status = OccurrenceStatus.Paying, StepAt = now,
        };
        schedule.MoveTo(schedule.Recurrence.At(occurrence.Number + 1) is null ? null : occurrence.Number + 1);
        if (occurrence.DueAt + MissedAfter >= now)
        {
            schedule.Current = occurrence;
            return true;
        }

        LogMissed(schedule.Id, occurrence.Number, occurrence.DueAt);
        End(schedule, occurrence, OccurrenceStatus.Missed, EventTypes.OccurrenceMissed, now);
        CompleteIfOver(schedule, now);
        return false;
    }

    private void Judge(ScheduleRecord schedule, OccurrenceRecord current, PaymentView payment, DateTimeOffset now)
    {
        current.Payment = payment.Id.Value;
        switch (payment.Status)
        {
            case PaymentStatus.Succeeded:
                current.FailureCode = null;
                End(schedule, current, OccurrenceStatus.Succeeded, EventTypes.OccurrenceSucceeded, now);
                break;
            case PaymentStatus.Cancelled:
                current.FailureCode = PaymentCancelledCode;
                End(schedule, current, OccurrenceStatus.Skipped, EventTypes.OccurrenceSkipped, now);
                break;
            case PaymentStatus.Failed or PaymentStatus.Expired:
                FailAttempt(schedule, current, payment.FailureCode ?? "payment_expired", paidFor: true, now);
                break;
            default:
                var under = (now - current.StartedAt) / 4;
                current.StepAt = now + (under < LookAgain ? LookAgain : under < LongestLook ? under : LongestLook);
                break;
        }
    }

    // The same attempt under the same key; once the key is too old the order says so, and the wallet is not asked.
    private static void AskAgain(OccurrenceRecord current, string? code, DateTimeOffset now)
    {
        current.FailureCode = code;
        current.StepAt = now + (code == KeyInUseCode ? LookAgain : TryAgain);
    }

    // Where something stands under the key for good, the next attempt has another; else nothing does, and it keeps this one.
    private void FailAttempt(ScheduleRecord schedule, OccurrenceRecord current, string code, bool paidFor, DateTimeOffset now)
    {
        current.FailureCode = code;
        current.KeySince = paidFor ? null : current.KeySince;
        var unwanted = schedule.Status != ScheduleStatus.Active;
        if (current.Attempt > RetryAfter.Length || code == SchedulePayer.OutcomeUnknown || unwanted)
        {
            LogFailed(schedule.Id, current.Number, current.Attempt, code);
            End(schedule, current, OccurrenceStatus.Failed, EventTypes.OccurrenceFailed, now);
            return;
        }

        current.Trying = false;
        current.StepAt = now + RetryAfter[current.Attempt - 1];
        events.Raise(EventTypes.OccurrenceRetrying, schedule, current);
    }

    private void End(
        ScheduleRecord schedule, OccurrenceRecord occurrence, OccurrenceStatus status, string eventType, DateTimeOffset now)
    {
        occurrence.Ended(status, now);
        schedule.Current = null;
        schedule.Past.Add(occurrence);
        if (schedule.Past.Count > ScheduleRecord.KeptOccurrences)
        {
            schedule.Past.RemoveAt(0);
        }

        events.Raise(eventType, schedule, occurrence);
    }

    // Only what has certainly not been paid, and that nobody is asking the wallet for: all else is found out first.
    private void SkipIfUnwanted(ScheduleRecord schedule, DateTimeOffset now)
    {
        if (schedule is { Status: not ScheduleStatus.Active, Current: { } waiting } && (!waiting.Trying || IsUnpaid(waiting, now)))
        {
            End(schedule, waiting, OccurrenceStatus.Skipped, EventTypes.OccurrenceSkipped, now);
        }
    }

    private static bool IsUnpaid(OccurrenceRecord current, DateTimeOffset now) =>
        current is { AskedAt: null, Payment: null, FailureCode: not KeyInUseCode } && !(now < current.DoubtUntil);

    private void CompleteIfOver(ScheduleRecord schedule, DateTimeOffset now)
    {
        if (!schedule.IsOver && schedule is { Current: null, NextAt: null })
        {
            schedule.Become(ScheduleStatus.Completed, now);
            events.Raise(EventTypes.ScheduleCompleted, schedule);
        }
    }

    [LoggerMessage(1701, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} was due at {DueAt} and is not paid so late.")]
    private partial void LogMissed(string schedule, int number, DateTimeOffset dueAt);

    [LoggerMessage(1703, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} is not paid after {Attempts} attempts: {Code}.")]
    private partial void LogFailed(string schedule, int number, int attempts, string code);
}
