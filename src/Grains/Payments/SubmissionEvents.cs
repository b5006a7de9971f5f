using System.Globalization;
using System.Text.Json;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>What a payment's events say of the transaction that carries it: never an envelope.</summary>
internal static class SubmissionEvents
{
    public static SubmissionEventData Signed(Submission submission, PaymentRecord payment) => new(
        submission.InnerHash, payment.OperationIndex, submission.SequenceNumber.ToString(CultureInfo.InvariantCulture), submission.MaxTime,
        Amount.Format(submission.FeeStroops));

    public static SubmissionEventData Bumped(Submission submission, PaymentRecord payment) =>
        Answered(submission, payment) with { Fee = Amount.Format(submission.FeeStroops) };

    public static SubmissionEventData Answered(
        Submission submission, PaymentRecord payment, IReadOnlyList<SubmissionAttempt>? more = null) =>
        new(submission.InnerHash, payment.OperationIndex, Attempts: Attempts(submission, [.. submission.Attempts, .. more ?? []]));

    public static SubmissionEventData Landed(Submission submission, PaymentRecord payment, long? operationId) =>
        Answered(submission, payment) with { OperationId = operationId?.ToString(CultureInfo.InvariantCulture) };

    private static AttemptEventData[]? Attempts(Submission submission, SubmissionAttempt[] attempts) => attempts.Length == 0
        ? null
        :
        [
            .. attempts.Select(a => new AttemptEventData(
                a.At, submission.Hashes[a.Bid], JsonNamingPolicy.SnakeCaseLower.ConvertName(a.Outcome.ToString()), a.Code)),
        ];
}
