using StellarPay.Grains.Events;

namespace StellarPay.Grains.Payments.Tracing;

/// <summary>Makes a payment's steps of its events and of what its wallet knows beyond them.</summary>
internal static class TraceBuilder
{
    /// <summary>The steps, oldest first.</summary>
    /// <param name="events">The payment's events, oldest first.</param>
    /// <param name="underWay">What the transaction under way was answered since the last event; null without one.</param>
    public static TraceStep[] Steps(IReadOnlyList<PaymentEvent> events, SubmissionEventData? underWay)
    {
        var steps = new List<TraceStep>();
        var submissions = new HashSet<AttemptEventData>();
        var confirmed = false;
        foreach (var happened in events)
        {
            AddSubmissions(steps, submissions, happened.Data.Submission);
            if (!confirmed && happened.Type is (EventTypes.PaymentQueued or EventTypes.PaymentSigned))
            {
                confirmed = true;
                steps.Add(new TraceStep(happened.At, TraceSteps.Confirmed));
            }

            AddEvent(steps, happened);
        }

        AddSubmissions(steps, submissions, underWay);
        // Answers come with the next event, which is later than they are.
        return [.. steps.OrderBy(step => step.At)];
    }

    private static void AddSubmissions(
        List<TraceStep> steps, HashSet<AttemptEventData> known, SubmissionEventData? submission)
    {
        foreach (var attempt in submission?.Attempts ?? [])
        {
            if (known.Add(attempt))
            {
                steps.Add(new TraceStep(
                    attempt.At, TraceSteps.Submitted, attempt.Hash, submission!.InnerHash, Answer: attempt.Outcome, Code: attempt.Code));
            }
        }
    }

    private static void AddEvent(List<TraceStep> steps, PaymentEvent happened)
    {
        var (at, payment, submission) = (happened.At, happened.Data, happened.Data.Submission);
        switch (happened.Type)
        {
            case EventTypes.PaymentCreated:
                steps.Add(new TraceStep(at, TraceSteps.Quoted, ValidUntil: payment.ExpiresAt));
                break;
            case EventTypes.PaymentQueued:
                steps.Add(new TraceStep(at, TraceSteps.Queued));
                break;
            case EventTypes.PaymentSigned:
                steps.Add(new TraceStep(
                    at, TraceSteps.Signed, payment.TransactionHash, submission?.InnerHash, submission?.Operation,
                    submission?.SequenceNumber, submission?.ValidUntil, submission?.Fee));
                break;
            case EventTypes.PaymentFeeBumped:
                steps.Add(new TraceStep(at, TraceSteps.FeeBumped, payment.TransactionHash, submission?.InnerHash, Fee: submission?.Fee));
                break;
            case EventTypes.PaymentRequeued:
                steps.Add(new TraceStep(
                    at, TraceSteps.Requeued, InnerHash: submission?.InnerHash, Code: submission?.Code, Ledger: submission?.Ledger));
                break;
            case EventTypes.PaymentSucceeded:
                steps.Add(new TraceStep(
                    at, TraceSteps.OnLedger, payment.TransactionHash, submission?.InnerHash, submission?.Operation, Ledger: payment.Ledger,
                    OperationId: submission?.OperationId));
                // The operation's id is known from the ledger's own word, and that is what moves the balance.
                if (submission?.OperationId is not null)
                {
                    steps.Add(new TraceStep(at, TraceSteps.Settled, OperationId: submission.OperationId));
                }

                break;
            case EventTypes.PaymentSettled when !steps.Exists(step => step.Step == TraceSteps.Settled):
                steps.Add(new TraceStep(at, TraceSteps.Settled));
                break;
            case EventTypes.PaymentFailed:
                steps.Add(new TraceStep(
                    at, TraceSteps.Failed, payment.TransactionHash, submission?.InnerHash, Code: payment.FailureCode,
                    Ledger: payment.Ledger));
                break;
            case EventTypes.PaymentExpired:
                steps.Add(new TraceStep(at, TraceSteps.Expired));
                break;
            case EventTypes.PaymentCancelled:
                steps.Add(new TraceStep(at, TraceSteps.Cancelled));
                break;
            case var type when ClaimStepOf(type) is { } step:
                steps.Add(new TraceStep(at, step, Code: payment.Claim?.Code));
                break;
        }
    }

    private static string? ClaimStepOf(string type) => type switch
    {
        EventTypes.PaymentReclaimable => TraceSteps.Reclaimable,
        EventTypes.PaymentReclaiming => TraceSteps.Reclaiming,
        EventTypes.PaymentReclaimed => TraceSteps.Reclaimed,
        EventTypes.PaymentReclaimFailed => TraceSteps.ReclaimFailed,
        EventTypes.PaymentClaimed => TraceSteps.Claimed,
        EventTypes.PaymentClawedBack => TraceSteps.ClawedBack,
        _ => null,
    };
}
