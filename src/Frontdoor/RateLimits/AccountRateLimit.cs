using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Logins to one account, whoever tries them and whether it exists or not.</summary>
internal sealed class AccountRateLimit(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        account => RateLimitPartition.GetFixedWindowLimiter(
            account, _ => RateLimitExtensions.AMinute(options.Value.LoginPerAccount)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Null if there is room for one more.</summary>
    public Problem? Take(string account)
    {
        using var lease = _limiter.AttemptAcquire(account);
        return lease.IsAcquired ? null : RateLimitExtensions.Refuse(lease);
    }

    public void Dispose() => _limiter.Dispose();
}
