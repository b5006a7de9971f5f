namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>The base URLs in order of preference.</summary>
internal sealed class HorizonEndpoints(IReadOnlyList<Uri> baseUrls, TimeSpan cooldown, TimeProvider time)
{
    private readonly HorizonEndpoint[] _endpoints = [.. baseUrls.Select(url => new HorizonEndpoint(url, time))];

    /// <summary>
    /// The first that has neither failed lately nor used up its rate limit; if none, the one that failed longest ago.
    /// </summary>
    internal HorizonEndpoint Pick() => Usable() ?? _endpoints.MinBy(endpoint => endpoint.FailedUntil)!;

    /// <summary>Whether one has neither failed lately nor used up its rate limit.</summary>
    internal bool HasUsable() => Usable() is not null;

    internal void Fail(HorizonEndpoint endpoint) => endpoint.Fail(cooldown);

    private HorizonEndpoint? Usable()
    {
        var now = time.GetUtcNow();
        return Array.Find(
            _endpoints, endpoint => endpoint.FailedUntil <= now && endpoint.LimitedFor() == TimeSpan.Zero);
    }
}
