using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Payments;

/// <summary>What happened to a payment, from the stored events; also of those that its wallet keeps no more.</summary>
public interface IPaymentArchive
{
    /// <summary>The most events of one payment that are given.</summary>
    const int MaxEvents = 200;

    /// <summary>A payment's events, oldest first: the last one shows it as it is now. Empty if there is no such payment.</summary>
    Task<IReadOnlyList<PaymentEvent>> ReadAsync(PaymentId payment, CancellationToken cancellationToken);
}

/// <summary>Something that happened to a payment.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="At">When, by business time.</param>
/// <param name="Owner">The user whose payment it is, or null.</param>
/// <param name="Data">The payment after it.</param>
public sealed record PaymentEvent(string Type, DateTimeOffset At, string? Owner, PaymentEventData Data);
