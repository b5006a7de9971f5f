using StellarPay.Grains.Results;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// How often payers of one session may claim: each time may ask the network something, and what is refused leaves nothing by which it could
/// be counted. For one activation.
/// </summary>
internal sealed class ClaimPace(TimeProvider time)
{
    private const int Most = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _taken = new();

    /// <summary>Null if there is room for one more.</summary>
    public Error? Take()
    {
        while (_taken.TryPeek(out var first) && time.GetElapsedTime(first) >= Window)
        {
            _taken.Dequeue();
        }

        if (_taken.Count >= Most)
        {
            return new Error(ErrorKind.RateLimited, "too_many_claims",
                "What came for this payment session was claimed too often in a short time. Please wait a moment.",
                RetryAfter: Window - time.GetElapsedTime(_taken.Peek()));
        }

        _taken.Enqueue(time.GetTimestamp());
        return null;
    }
}
