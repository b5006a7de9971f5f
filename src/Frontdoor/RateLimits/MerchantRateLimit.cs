using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>How often a merchant's programs may ask: all of his keys together, and each by itself, by his tier.</summary>
internal sealed class MerchantRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    private readonly RateLimit[] _key = options.Value.ApiPerKey.Limits("merchant_key");
    private readonly RateLimit[] _merchant = options.Value.ApiPerMerchant.Limits("merchant");

    /// <summary>Null if there is room for one more.</summary>
    public ValueTask<TimeSpan?> TakeAsync(MerchantCaller caller, string key) => table.TakeAsync(
        new(_merchant[caller.Tier], caller.Merchant.Value), new LimitedKey(_key[caller.Tier], key));
}
