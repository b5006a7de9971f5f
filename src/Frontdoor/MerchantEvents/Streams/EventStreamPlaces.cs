using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>Who has how many streams here, so that nobody holds more than his part of this front door's connections.</summary>
internal sealed class EventStreamPlaces(IOptions<EventStreamOptions> options)
{
    private const string All = "";

    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>
    /// A place, which is the caller's until it is disposed of; null where he has as many as he may, or his merchant has, or that one's
    /// owner, or all together.
    /// </summary>
    public IDisposable? Take(MerchantCaller caller, string owner)
    {
        (string Whose, int Most)[] counts =
        [
            ($"{caller.Merchant.Value} {caller.Actor}", options.Value.PerKey), (caller.Merchant.Value, options.Value.PerMerchant),
            ($"owner {owner}", options.Value.PerOwner), (All, options.Value.InAll),
        ];
        lock (_lock)
        {
            if (Array.Exists(counts, count => _taken.GetValueOrDefault(count.Whose) >= count.Most))
            {
                return null;
            }

            Array.ForEach(counts, count => Add(count.Whose, 1));
        }

        return new Place(this, [.. counts.Select(count => count.Whose)]);
    }

    private void Add(string whose, int many)
    {
        if ((_taken[whose] = _taken.GetValueOrDefault(whose) + many) == 0)
        {
            _taken.Remove(whose);
        }
    }

    private sealed class Place(EventStreamPlaces places, string[] whose) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            lock (places._lock)
            {
                if (!_left)
                {
                    Array.ForEach(whose, each => places.Add(each, -1));
                    _left = true;
                }
            }
        }
    }
}
