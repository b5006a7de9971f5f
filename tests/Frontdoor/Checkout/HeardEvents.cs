using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>What a front door has heard of since: who followed before has taken it in, too.</summary>
internal sealed class HeardEvents : IEventFollower
{
    private readonly ConcurrentDictionary<string, bool> _subjects = new(StringComparer.Ordinal);

    public bool IsIdle { get; private set; }

    internal static async Task<HeardEvents> FromNowOnAsync(FrontdoorHost host)
    {
        var heard = new HeardEvents();
        await host.Services.GetRequiredService<EventTail>().FollowAsync(heard, TestContext.Current.CancellationToken);
        return heard;
    }

    /// <summary>Waits until something was heard of each, and listens no more. What can be read may not have been heard yet.</summary>
    internal async Task UntilAsync(params string[] subjects)
    {
        await Eventually.UntilAsync(() => Task.FromResult(subjects.All(_subjects.ContainsKey)), "the front door has heard of each");
        IsIdle = true;
    }

    public void Take(FeedEvent happened) => _subjects.TryAdd(happened.Subject, true);

    public void Forget() => _subjects.Clear();
}
