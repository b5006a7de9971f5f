using System.Collections.Concurrent;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>What a front door has heard of since: who followed before has taken it in, too.</summary>
internal sealed class HeardEvents : IEventFollower
{
    private readonly ConcurrentDictionary<string, bool> _subjects = new(StringComparer.Ordinal);

    public bool IsIdle { get; set; }

    public bool Has(string subject) => _subjects.ContainsKey(subject);

    public void Take(FeedEvent happened) => _subjects.TryAdd(happened.Subject, true);

    public void Forget() => _subjects.Clear();
}
