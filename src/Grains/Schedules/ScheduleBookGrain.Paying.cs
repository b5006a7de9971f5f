using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Schedules;

internal sealed partial class ScheduleBookGrain
{
    // What one wake-up does at most; the rest is the next one's.
    private const int MaxSteps = 64;

    private const string OutcomeUnknown = "outcome_unknown";
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

    public async Task WakeAsync()
    {
        RequireSound();
        for (var step = 0; step < MaxSteps && NextDue() is { } schedule; step++)
        {
            await StepAsync(schedule);
        }
    }

    private ScheduleRecord? NextDue() =>
        State.Schedules.Where(s => s.DueAt() <= Now).MinBy(s => s.DueAt());

    private async Task StepAsync(ScheduleRecord schedule)
    {
        if (schedule.Current is null && !Begin(schedule))
        {
            await SaveAsync();
            return;
        }

        var current = schedule.Current!;
        if (!current.Trying)
        {
            // Stored before the wallet is asked: whatever happens, this attempt has this key.
            current.Attempt++;
            current.Trying = true;
            current.StartedAt = Now;
            current.StepAt = Now + LookAgain;
            current.Payment = null;
            await SaveAsync();
        }

        Judge(schedule, current, await PayAsync(schedule, current));
        CompleteIfOver(schedule);
        await SaveAsync();
    }

    // The next occurrence becomes the current one; false if it was found too late.
    private bool Begin(ScheduleRecord schedule)
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

        LogMissed(schedule.Id, occurrence.Number, occurrence.DueAt);
        End(schedule, occurrence, OccurrenceStatus.Missed, EventTypes.OccurrenceMissed);
        CompleteIfOver(schedule);
        return false;
    }

    // Asks the wallet, or asks again what became of it. Null where the wallet gave no answer.
    private async Task<Result<PaymentView>?> PayAsync(ScheduleRecord schedule, OccurrenceRecord current)
    {
        var owner = UserId.Parse(State.Owner);
        var wallet = WalletOf(owner);
        try
        {
            if (current.Payment is { } known)
            {
                var found = await wallet.GetPaymentAsync(owner, PaymentId.Parse(known));
                if (found.IsSuccess && found.Value.Status != PaymentStatus.Pending)
                {
                    return found;
                }
            }

            if (current.StartedAt + KeyIsSafeFor < Now)
            {
                return new Error(ErrorKind.Conflict, OutcomeUnknown, "What became of the payment could not be learned.");
            }

            var key = $"{schedule.Id}:{current.Number}:{current.Attempt}";
            return await wallet.QuoteAsync(owner, new QuoteRequest(
                schedule.Destination, schedule.Recipient, schedule.Asset, Money.Amount.Format(schedule.Stroops),
                schedule.Memo, key, ConfirmsAtOnce: true));
        }
        catch (Exception exception)
        {
            // The same attempt under the same key is made again.
            LogNoAnswer(exception, schedule.Id, current.Number);
            return null;
        }
    }

    private void Judge(ScheduleRecord schedule, OccurrenceRecord current, Result<PaymentView>? answer)
    {
        if (answer is null or { Error.Kind: ErrorKind.Unavailable or ErrorKind.RateLimited })
        {
            if (current.StartedAt + KeyIsSafeFor >= Now)
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
            LogFailed(schedule.Id, current.Number, current.Attempt, code);
            End(schedule, current, OccurrenceStatus.Failed, EventTypes.OccurrenceFailed);
            return;
        }

        current.Trying = false;
        current.StepAt = Now + RetryAfter[current.Attempt - 1];
        _events.Raise(EventTypes.OccurrenceRetrying, schedule, current);
    }

    private void End(ScheduleRecord schedule, OccurrenceRecord occurrence, OccurrenceStatus status, string eventType)
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

        _events.Raise(eventType, schedule, occurrence);
    }

    private void CompleteIfOver(ScheduleRecord schedule)
    {
        if (!schedule.IsOver && schedule is { Current: null, NextAt: null })
        {
            schedule.Status = ScheduleStatus.Completed;
            _events.Raise(EventTypes.ScheduleCompleted, schedule);
        }
    }

    [LoggerMessage(1701, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} was due at {DueAt} and is not paid so late.")]
    private partial void LogMissed(string schedule, int number, DateTimeOffset dueAt);

    [LoggerMessage(1702, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number}: the wallet gave no answer.")]
    private partial void LogNoAnswer(Exception exception, string schedule, int number);

    [LoggerMessage(1703, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number} is not paid after {Attempts} attempts: {Code}.")]
    private partial void LogFailed(string schedule, int number, int attempts, string code);
}
