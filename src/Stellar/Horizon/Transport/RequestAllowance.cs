namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>
/// How many requests a Horizon still allows, as its answers say: what is left, and when all is there again. Unlimited until it
/// says so. Not safe for use by several threads.
/// </summary>
internal sealed class RequestAllowance
{
    // Where nobody else asks for so long, no answer tells that more is left again, and one request is to find out.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(15);

    private int _limit;
    private int _left;
    private int _underWay;
    private DateTimeOffset _fullAt = DateTimeOffset.MinValue;
    private DateTimeOffset _silentSince = DateTimeOffset.MinValue;

    /// <summary>Takes note of what an answer says.</summary>
    /// <param name="limit">How many are allowed in all; null where that is not said.</param>
    /// <param name="left">How many are left.</param>
    /// <param name="now">When it was said.</param>
    /// <param name="fullIn">After how long as many as ever are left.</param>
    internal void Learn(int? limit, int left, DateTimeOffset now, TimeSpan fullIn)
    {
        _limit = limit ?? Math.Max(_limit, left);
        (_left, _fullAt, _silentSince) = (left, now + fullIn, now);
    }

    /// <summary>
    /// Takes a place among the requests that leave a share to others; or how long until there is one for sure. What is under way
    /// counts, for no answer has told of it yet.
    /// </summary>
    internal TimeSpan? TryTake(int keepPercent, DateTimeOffset now)
    {
        if (now < _fullAt && (_left - _underWay) * 100L <= (long)_limit * keepPercent)
        {
            if (_left <= _underWay || now - _silentSince < SilentFor)
            {
                return _fullAt - now;
            }

            _silentSince = now;
        }

        _underWay++;
        return null;
    }

    /// <summary>A request that took a place has ended.</summary>
    internal void Return() => _underWay--;
}
