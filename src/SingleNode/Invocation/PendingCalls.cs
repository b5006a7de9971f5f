namespace StellarPay.SingleNode;

/// <summary>The calls of one silo or client that wait for an answer, so that each ends in time.</summary>
internal sealed class PendingCalls : IDisposable
{
    private const int StripeCount = 16;
    private static readonly TimeSpan LongestScan = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestScan = TimeSpan.FromMilliseconds(20);

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];
    private readonly TimeProvider _time;
    private readonly long _timeoutTicks;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;

    public PendingCalls(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _timeout = timeout;
        _timeoutTicks = Ticks(timeout);
        var scan = timeout / 4;
        scan = scan > LongestScan ? LongestScan : scan < ShortestScan ? ShortestScan : scan;
        _timer = time.CreateTimer(static self => ((PendingCalls)self!).EndLateCalls(), this, scan, scan);
    }

    public void Add(GrainCall call)
    {
        var own = call.Method.Timeout;
        call.Deadline = _time.GetTimestamp() + (own is null ? _timeoutTicks : Ticks(own.Value));
        var index = Environment.CurrentManagedThreadId % StripeCount;
        var stripe = _stripes[index];
        lock (stripe)
        {
            call.PendingStripe = index;
            call.NextPending = stripe.First;
            if (stripe.First is { } first)
            {
                first.PreviousPending = call;
            }

            stripe.First = call;
        }
    }

    public void Remove(GrainCall call)
    {
        if (call.PendingStripe < 0)
        {
            return;
        }

        var stripe = _stripes[call.PendingStripe];
        lock (stripe)
        {
            if (call.PreviousPending is { } previous)
            {
                previous.NextPending = call.NextPending;
            }
            else if (ReferenceEquals(stripe.First, call))
            {
                stripe.First = call.NextPending;
            }

            if (call.NextPending is { } next)
            {
                next.PreviousPending = call.PreviousPending;
            }

            call.NextPending = call.PreviousPending = null;
            call.PendingStripe = -1;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Ends every call that still waits, as when the sender itself stops.</summary>
    public void EndAll(Func<GrainCall, Exception> reason)
    {
        foreach (var call in Where(static (_, _) => true, 0))
        {
            call.Answer(reason(call));
        }
    }

    private void EndLateCalls()
    {
        foreach (var call in Where(static (call, now) => call.Deadline <= now, _time.GetTimestamp()))
        {
            var waited = call.Method.Timeout ?? _timeout;
            call.Answer(new TimeoutException(
                $"Response did not arrive on time in {waited} for {call}. Target is {call.Target?.Describe() ?? "not activated"}."));
        }
    }

    private List<GrainCall> Where(Func<GrainCall, long, bool> isWanted, long now)
    {
        var found = new List<GrainCall>();
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                for (var call = stripe.First; call is not null; call = call.NextPending)
                {
                    if (isWanted(call, now))
                    {
                        found.Add(call);
                    }
                }
            }
        }

        return found;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private sealed class Stripe
    {
        public GrainCall? First { get; set; }
    }
}
