using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// How many names one user may have resolved, whichever request asks for it: each answer tells whether somebody is here, and many
/// of them are the directory. A name that was found for him tells nothing new and costs nothing.
/// </summary>
internal sealed class LookupRateLimit(IOptions<RateLimitOptions> options) : IDisposable
{
    // Forgotten all at once when they are more: then they cost once more.
    private const int MostFound = 20_000;

    private readonly ConcurrentDictionary<(UserId User, string Name), bool> _found = [];
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        user => RateLimitPartition.GetFixedWindowLimiter(user, _ => RateLimitExtensions.AMinute(options.Value.LookupPerUser)));

    /// <summary>Null if there is room for one more, or none is needed.</summary>
    public Error? Take(UserId user, string name)
    {
        if (_found.ContainsKey((user, name)))
        {
            return null;
        }

        using var lease = _limiter.AttemptAcquire(user.Value);
        if (lease.IsAcquired)
        {
            return null;
        }

        var refused = RateLimitExtensions.Refuse(lease);
        return new Error(ErrorKind.RateLimited, refused.Code, refused.Message, RetryAfter: refused.RetryAfter);
    }

    /// <summary>Takes note that a name was found for a user.</summary>
    public void Found(UserId user, string name)
    {
        if (_found.Count >= MostFound)
        {
            _found.Clear();
        }

        _found[(user, name)] = true;
    }

    public void Dispose() => _limiter.Dispose();
}
