using System.Globalization;
using System.Text.Json;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>What a payment's events say of the transaction that carries it: never an envelope.</summary>
internal static class FlightEvents
{
    public static FlightEventData Signed(FlightRecord flight, PaymentRecord payment) => new(
        flight.InnerHash, payment.OperationIndex, flight.SequenceNumber.ToString(CultureInfo.InvariantCulture), flight.MaxTime,
        Amount.Format(flight.FeeStroops));

    public static FlightEventData Bumped(FlightRecord flight, PaymentRecord payment) =>
        Answered(flight, payment) with { Fee = Amount.Format(flight.FeeStroops) };

    public static FlightEventData Answered(
        FlightRecord flight, PaymentRecord payment, IReadOnlyList<FlightAttempt>? more = null) =>
        new(flight.InnerHash, payment.OperationIndex, Attempts: Attempts(flight, [.. flight.Attempts, .. more ?? []]));

    public static FlightEventData Landed(FlightRecord flight, PaymentRecord payment, long? operationId) =>
        Answered(flight, payment) with { OperationId = operationId?.ToString(CultureInfo.InvariantCulture) };

    private static AttemptEventData[]? Attempts(FlightRecord flight, FlightAttempt[] attempts) => attempts.Length == 0
        ? null
        :
        [
            .. attempts.Select(a => new AttemptEventData(
                a.At, flight.Hashes[a.Bid], JsonNamingPolicy.SnakeCaseLower.ConvertName(a.Outcome.ToString()), a.Code)),
        ];
}
