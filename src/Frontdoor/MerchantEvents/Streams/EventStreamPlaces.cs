using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>Who has how many streams here, so that nobody holds more than his part of this front door's connections.</summary>
internal sealed class EventStreamPlaces(IOptions<EventStreamOptions> options)
{
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>A place, which is the caller's until it is disposed of; null where he has as many as he may, or his merchant has.</summary>
    public IDisposable? Take(MerchantCaller caller)
    {
        var (key, merchant) = ($"{caller.Merchant.Value} {caller.Actor}", caller.Merchant.Value);
        lock (_lock)
        {
            if (_taken.GetValueOrDefault(key) >= options.Value.PerKey || _taken.GetValueOrDefault(merchant) >= options.Value.PerMerchant)
            {
                return null;
            }

            Add(key, 1);
            Add(merchant, 1);
        }

        return new Place(this, key, merchant);
    }

    private void Add(string whose, int many)
    {
        if ((_taken[whose] = _taken.GetValueOrDefault(whose) + many) == 0)
        {
            _taken.Remove(whose);
        }
    }

    private sealed class Place(EventStreamPlaces places, string key, string merchant) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            lock (places._lock)
            {
                if (!_left)
                {
                    places.Add(key, -1);
                    places.Add(merchant, -1);
                    _left = true;
                }
            }
        }
    }
}
