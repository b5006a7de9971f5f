using System.Diagnostics;
using OpenTelemetry;

namespace StellarPay.Silo.Telemetry;

/// <summary>
/// Takes out of spans what may be somebody's: a query can carry a token or an e-mail address, a path that matches no
/// route can be anything, a connection's description names its user, and the text of an exception quotes what it was about:
/// Orleans' own, when a call took too long, has the call's arguments.
/// </summary>
internal sealed class DiscretionProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        Remove(data, "url.query");
        Remove(data, "db.npgsql.data_source");
        Remove(data, "exception.message");
        Remove(data, "exception.stacktrace");
        if (data.StatusDescription is not null)
        {
            data.SetStatus(data.Status);
        }

        if (data.GetTagItem("url.path") is not null)
        {
            data.SetTag("url.path", data.GetTagItem("http.route"));
        }

        if (data.GetTagItem("url.full") is string full)
        {
            data.SetTag("url.full", Uri.TryCreate(full, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Path) : null);
        }
    }

    private static void Remove(Activity span, string tag)
    {
        if (span.GetTagItem(tag) is not null)
        {
            span.SetTag(tag, null);
        }
    }
}
