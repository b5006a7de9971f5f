using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Frontdoor.Live;

/// <summary>Something of this front door that is told of every event while it has a use for them.</summary>
internal interface IEventFollower
{
    /// <summary>Whether it has none any more.</summary>
    bool IsIdle { get; }

    /// <summary>An event. It must neither fail nor wait.</summary>
    void Take(FeedEvent happened);

    /// <summary>Some events were missed: whatever was made of them is worth nothing.</summary>
    void Forget();
}
