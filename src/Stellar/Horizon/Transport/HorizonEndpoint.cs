using System.Globalization;
using System.Net.Http.Headers;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>One base URL, what it said about its rate limit, and whether it failed lately.</summary>
internal sealed class HorizonEndpoint(Uri baseUrl, TimeProvider time)
{
    private readonly Lock _state = new();
    private DateTimeOffset _failedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _limitedUntil = DateTimeOffset.MinValue;

    // Always with a trailing slash, so that relative paths are added to it and do not replace its last part.
    internal Uri BaseUrl { get; } =
        baseUrl.AbsoluteUri.EndsWith('/') ? baseUrl : new Uri(baseUrl.AbsoluteUri + "/");

    /// <summary>When this endpoint may be preferred again; in the past if it has not failed.</summary>
    internal DateTimeOffset FailedUntil
    {
        get
        {
            lock (_state)
            {
                return _failedUntil;
            }
        }
    }

    /// <summary>How long its rate limit is still used up; zero if it is not.</summary>
    internal TimeSpan LimitedFor()
    {
        lock (_state)
        {
            var left = _limitedUntil - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    internal void Fail(TimeSpan cooldown)
    {
        lock (_state)
        {
            _failedUntil = time.GetUtcNow() + cooldown;
        }
    }

    internal void Succeed()
    {
        lock (_state)
        {
            _failedUntil = DateTimeOffset.MinValue;
        }
    }

    /// <summary>
    /// Takes note of the rate-limit headers of an answer and returns how long it asks to wait, if it does.
    /// </summary>
    internal TimeSpan? Observe(HttpResponseMessage response)
    {
        var wait = RetryAfter(response.Headers.RetryAfter);
        var remaining = Number(response.Headers, "X-RateLimit-Remaining");
        var reset = Number(response.Headers, "X-RateLimit-Reset");
        if (remaining == 0 && reset is not null)
        {
            var untilReset = TimeSpan.FromSeconds(reset.Value);
            if ((int)response.StatusCode == 429)
            {
                wait ??= untilReset;
            }
            Limit(untilReset);
        }
        else if ((int)response.StatusCode == 429 && wait is not null)
        {
            Limit(wait.Value);
        }
        return wait;
    }

    private void Limit(TimeSpan wait)
    {
        lock (_state)
        {
            _limitedUntil = time.GetUtcNow() + wait;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is null ? null : Clamp(wait.Value);
    }

    // A day is more than anyone waits; the limit keeps a nonsensical header from overflowing.
    private static TimeSpan Clamp(TimeSpan wait) =>
        wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;

    private static int? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, 86_400)
            : null;
}
