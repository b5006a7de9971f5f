using StellarPay.Grains.Events;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Telemetry;

/// <summary>How a payment ended that has a trace.</summary>
internal sealed record PaymentEnd(
    string Trace, string Payment, PaymentStatus Status, string? TransactionHash, long? Ledger, string? FailureCode,
    DateTimeOffset At);

/// <summary>
/// What telemetry will say of one change of a wallet. It is said when the change is stored: what never was stored never was.
/// </summary>
internal sealed class PaymentSignals(TimeProvider time)
{
    private static readonly HashSet<string> Moves =
    [
        EventTypes.PaymentCreated, EventTypes.PaymentQueued, EventTypes.PaymentRequeued, EventTypes.PaymentSigned,
        EventTypes.PaymentSucceeded, EventTypes.PaymentFailed, EventTypes.PaymentExpired,
        EventTypes.PaymentCancelled,
    ];

    private readonly List<(PaymentStatus Status, PaymentMethod Method, TimeSpan? SinceConfirmed)> _moved = [];
    private readonly List<PaymentEnd> _ended = [];
    private int _frozen;

    /// <summary>The traces of payments, without repeats.</summary>
    public static string[] TracesOf(IEnumerable<PaymentRecord> payments) =>
        [.. payments.Select(payment => payment.Trace).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>A payment is confirmed from now on, by the request that is under way.</summary>
    public static void Confirmed(PaymentRecord payment, DateTimeOffset now)
    {
        payment.ConfirmedAt = now;
        payment.Trace = PaymentTelemetry.PresentTrace();
    }

    /// <summary>An event of a payment was raised.</summary>
    public void Raised(string type, PaymentRecord payment, DateTimeOffset now)
    {
        if (Moves.Contains(type))
        {
            _moved.Add((payment.Status, payment.Method, now - payment.ConfirmedAt));
            if (PaymentTransitions.IsTerminal(payment.Status) && payment.Status != PaymentStatus.Succeeded)
            {
                End(payment);
                _frozen += FrozenEntries.IsCode(payment.FailureCode) ? 1 : 0;
            }
        }
    }

    /// <summary>The ledger's operation is in the balance.</summary>
    public void Settled(PaymentRecord payment) => End(payment);

    /// <summary>The change is stored.</summary>
    public void Tell()
    {
        foreach (var (status, method, sinceConfirmed) in _moved)
        {
            PaymentTelemetry.Came(status, method, sinceConfirmed);
        }

        for (; _frozen > 0; _frozen--)
        {
            SubmissionTelemetry.Alert(SubmissionTelemetry.FrozenKey);
        }

        _ended.ForEach(PaymentTelemetry.End);
        _moved.Clear();
        _ended.Clear();
    }

    // Nothing follows, so that there is nothing to remember.
    private void End(PaymentRecord payment)
    {
        if (payment.Trace is { } trace)
        {
            _ended.Add(new PaymentEnd(
                trace, payment.Id, payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode, time.GetUtcNow()));
        }

        (payment.Trace, payment.ConfirmedAt) = (null, null);
    }
}
