using System.Globalization;
using System.Net.Http.Headers;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>One base URL, what it said about its rate limit, and whether it failed lately.</summary>
internal sealed class HorizonEndpoint(Uri baseUrl, TimeProvider time)
{
    private readonly Lock _state = new();
    private readonly RequestAllowance _allowance = new();
    private DateTimeOffset _failedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _limitedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _refusesUntil = DateTimeOffset.MinValue;

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

    /// <summary>How long it takes no submissions, as it answered to one; zero if it has not.</summary>
    internal TimeSpan RefusesFor()
    {
        lock (_state)
        {
            var left = _refusesUntil - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Takes note that a submission was refused by the rate limit.</summary>
    internal void Refuse(TimeSpan wait)
    {
        lock (_state)
        {
            _refusesUntil = time.GetUtcNow() + wait;
        }
    }

    /// <summary>
    /// Begins a request that leaves a share of what is allowed to others, to be ended by <see cref="EndYielding"/>; or how long
    /// until there is room for one.
    /// </summary>
    internal TimeSpan? TryYield(int keepPercent)
    {
        lock (_state)
        {
            return _allowance.TryTake(keepPercent, time.GetUtcNow());
        }
    }

    internal void EndYielding()
    {
        lock (_state)
        {
            _allowance.Return();
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
        if (remaining is { } left && reset is { } seconds)
        {
            lock (_state)
            {
                _allowance.Learn(
                    Number(response.Headers, "X-RateLimit-Limit"), left, time.GetUtcNow(), TimeSpan.FromSeconds(seconds));
            }
        }
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
