using System.Collections.Concurrent;
using System.Diagnostics;
using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Tests.Telemetry;

public sealed class PaymentSignalsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly PaymentSignals _signals = new(TimeProvider.System);

    public PaymentSignalsTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StellarPayTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_payment_keeps_the_trace_that_confirmed_it_until_the_end_is_stored()
    {
        var payment = Confirmed(ActivityTraceFlags.Recorded, out var trace);
        payment.Trace.ShouldNotBeNull().ShouldContain(trace.ToHexString());
        payment.ConfirmedAt.ShouldBe(Now);

        _signals.Settled(payment);
        SpansOf(trace).ShouldBeEmpty();
        _signals.Tell();
        _signals.Tell();

        SpansOf(trace).ShouldHaveSingleItem().GetTagItem("stellar.transaction.hash").ShouldBe("abc");
        (payment.Trace, payment.ConfirmedAt).ShouldBe((null, null));
    }

    [Fact]
    public void A_payment_that_fails_ends_its_trace_with_the_reason()
    {
        var payment = Confirmed(ActivityTraceFlags.Recorded, out var trace);
        (payment.Status, payment.FailureCode) = (PaymentStatus.Failed, "op_no_trust");

        _signals.Raised(EventTypes.PaymentFailed, payment, Now);
        _signals.Tell();

        var end = SpansOf(trace).ShouldHaveSingleItem();
        (end.Status, end.GetTagItem("error.type")).ShouldBe((ActivityStatusCode.Error, "op_no_trust"));
    }

    [Fact]
    public void A_request_that_nobody_records_leaves_nothing_to_remember()
    {
        var payment = Confirmed(ActivityTraceFlags.None, out var trace);
        payment.Trace.ShouldBeNull();

        _signals.Settled(payment);
        _signals.Tell();

        SpansOf(trace).ShouldBeEmpty();
    }

    [Fact]
    public void What_flies_together_is_driven_in_the_first_trace_and_linked_with_the_others()
    {
        var payments = new[]
        {
            Confirmed(ActivityTraceFlags.Recorded, out var first), Confirmed(ActivityTraceFlags.None, out _),
            Confirmed(ActivityTraceFlags.Recorded, out var second),
        };

        PaymentTelemetry.Drive("abc", PaymentSignals.TracesOf(payments))?.Dispose();

        SpansOf(first).ShouldHaveSingleItem().Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(second);
        PaymentTelemetry.Drive("abc", []).ShouldBeNull();
    }

    private static PaymentRecord Confirmed(ActivityTraceFlags flags, out ActivityTraceId trace)
    {
        using var request = new Activity("request");
        request.SetIdFormat(ActivityIdFormat.W3C);
        request.ActivityTraceFlags = flags;
        request.Start();
        trace = request.TraceId;
        var payment = new PaymentRecord { Id = "txn_1", Status = PaymentStatus.Succeeded, TransactionHash = "abc", Ledger = 7 };
        PaymentSignals.Confirmed(payment, Now);
        return payment;
    }

    private Activity[] SpansOf(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];
}
