using System.Collections.Concurrent;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Merchants.Origins;

/// <summary>A page's origin that a publishable key lists.</summary>
/// <param name="Merchant">Whose key it is.</param>
/// <param name="Origin">The origin.</param>
/// <param name="EndsAt">When the key ends; null where never.</param>
internal readonly record struct ListedOrigin(string Merchant, string Origin, DateTimeOffset? EndsAt);

/// <summary>
/// The origins of merchants' pages, as far as this front door has been told: whether a browser may be let ask. What is asked is decided by
/// the key that comes with it.
/// </summary>
internal sealed class MerchantOrigins([FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, ListedOrigin[]> _ofMerchants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ListedOrigin[]> _origins = new(StringComparer.Ordinal);

    /// <summary>Whether some publishable key that holds lists an origin.</summary>
    public bool Contains(string origin) =>
        _origins.TryGetValue(origin, out var listed) && Array.Exists(listed, one => one.EndsAt is not { } end || end > time.GetUtcNow());

    /// <summary>All that a merchant's keys list, in place of what was known of them.</summary>
    public void Set(string merchant, ListedOrigin[] listed)
    {
        lock (_changing)
        {
            var before = _ofMerchants.GetValueOrDefault(merchant) ?? [];
            foreach (var origin in before.Concat(listed).Select(one => one.Origin).Distinct(StringComparer.Ordinal))
            {
                ListedOrigin[] left =
                [
                    .. (_origins.GetValueOrDefault(origin) ?? []).Where(one => one.Merchant != merchant),
                    .. listed.Where(one => one.Origin == origin),
                ];
                if (left.Length > 0)
                {
                    _origins[origin] = left;
                }
                else
                {
                    _origins.TryRemove(origin, out _);
                }
            }

            if (listed.Length > 0)
            {
                _ofMerchants[merchant] = listed;
            }
            else
            {
                _ofMerchants.Remove(merchant);
            }
        }
    }
}
