using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Schedules;

/// <summary>An attempt at an occurrence, stored before the wallet is asked for it.</summary>
/// <param name="Owner">The payer.</param>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Number">Which occurrence.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Known">The attempt's payment, where it is known; null else.</param>
/// <param name="Request">What the wallet is asked; null where its key is too old to be used again.</param>
internal sealed record ScheduleOrder(
    UserId Owner, string ScheduleId, int Number, int Attempt, PaymentId? Known, QuoteRequest? Request);

/// <summary>What the wallet said.</summary>
/// <param name="Order">To what.</param>
/// <param name="Payment">The payment or why there is none; null where it gave no answer.</param>
internal sealed record ScheduleAnswer(ScheduleOrder Order, Result<PaymentView>? Payment);

/// <summary>What a turn of a book decided.</summary>
/// <param name="Order">For what the wallet is to be asked; null for nothing.</param>
/// <param name="GoesOn">Whether another turn follows.</param>
internal sealed record ScheduleStep(ScheduleOrder? Order, bool GoesOn)
{
    /// <summary>There is nothing more to do.</summary>
    public static ScheduleStep None { get; } = new(null, GoesOn: false);
}
