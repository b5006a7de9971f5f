using Microsoft.AspNetCore.Http.Features;

namespace StellarPay.Frontdoor.Errors.Refusals;

/// <summary>Hears of each request that Kestrel refuses, before the answer is written.</summary>
internal sealed class RefusalObserver : IObserver<KeyValuePair<string, object?>>
{
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection request)
        {
            request.Get<RefusalWriter>()?.Refuse();
        }
    }

    public void OnCompleted()
    {
        // The host ends.
    }

    public void OnError(Exception error)
    {
        // A diagnostic listener has none.
    }
}
