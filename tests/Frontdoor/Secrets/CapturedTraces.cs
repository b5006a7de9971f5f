using System.Collections.Concurrent;
using System.Diagnostics;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>All that a collector of traces would be sent, from every source in the process.</summary>
internal sealed class CapturedTraces : IDisposable
{
    private readonly ConcurrentQueue<Place> _places = [];
    private readonly ActivityListener _listener;

    public CapturedTraces()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Place[] Places => [.. _places];

    public void Dispose() => _listener.Dispose();

    private void Keep(Activity activity)
    {
        var events = activity.Events.SelectMany(one => one.Tags.Prepend(new("event", one.Name)));
        var all = activity.TagObjects.Concat(activity.Baggage.Select(item => new KeyValuePair<string, object?>(item.Key, item.Value)))
            .Concat(events).Select(tag => $"{tag.Key}={tag.Value}");
        _places.Enqueue(Place.OfText(
            $"span of {activity.Source.Name} {activity.OperationName}",
            $"{activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString} {string.Join(' ', all)}"));
    }
}
