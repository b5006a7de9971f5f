namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>How many events an endpoint may be sent in a second; what was not used of one is there in the next.</summary>
internal sealed class SendPace(int perSecond, TimeProvider time)
{
    private double _left = perSecond;
    private long _at = time.GetTimestamp();

    /// <summary>Whether one may be sent now, which then counts.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(perSecond, _left + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }

    /// <summary>How long it is until one may be.</summary>
    public TimeSpan Wait => TimeSpan.FromSeconds(Math.Max(0, 1 - _left) / perSecond);
}
