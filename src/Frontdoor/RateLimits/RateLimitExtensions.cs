using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>The named limits.</summary>
internal static class RateLimitExtensions
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AddressRateLimit>();
        services.AddSingleton<CodeRateLimit>();
        services.AddSingleton<AccountRateLimit>();
        services.AddSingleton<LookupRateLimit>();
        services.AddRateLimiter(static _ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>(Configure);
        return services;
    }

    public static FixedWindowRateLimiterOptions AMinute(int permits) => new() { PermitLimit = permits, Window = Window };

    public static Problem Refuse(RateLimitLease lease) =>
        StatusProblems.Of(StatusCodes.Status429TooManyRequests) with
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window,
        };

    private static void Configure(RateLimiterOptions limiter, IOptions<RateLimitOptions> limits)
    {
        limiter.AddPolicy(RateLimitNames.Auth, context => RateLimitPartition.GetFixedWindowLimiter(
            ClientAddress.Of(context), _ => AMinute(limits.Value.AuthPerAddress)));
        limiter.AddPolicy(RateLimitNames.Api, context => RateLimitPartition.GetFixedWindowLimiter(
            CallerOf(context), _ => AMinute(limits.Value.ApiPerUser)));
        limiter.AddPolicy(RateLimitNames.Lookup, context => RateLimitPartition.GetFixedWindowLimiter(
            CallerOf(context), _ => AMinute(limits.Value.LookupPerUser)));
        limiter.OnRejected = (rejected, _) => new ValueTask(Refuse(rejected.Lease).ExecuteAsync(rejected.HttpContext));
    }

    private static string CallerOf(HttpContext context) =>
        context.User.FindFirstValue(Caller.UserClaim) ?? ClientAddress.Of(context).ToString();
}
