using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>How many may listen to merchants' events, at one front door. Section <c>StellarPay:EventStreams</c>.</summary>
internal sealed class EventStreamOptions
{
    public const string Section = "StellarPay:EventStreams";

    /// <summary>Streams of one API key, or of somebody who is logged in, at once.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:EventStreams:PerKey must be from 1 to 1000.")]
    public int PerKey { get; set; } = 4;

    /// <summary>Streams of one merchant at once.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:EventStreams:PerMerchant must be from 1 to 1000.")]
    public int PerMerchant { get; set; } = 16;

    /// <summary>How long a stream is silent before a line says that it still is.</summary>
    [Range(1, 60, ErrorMessage = "StellarPay:EventStreams:HeartbeatSeconds must be from 1 to 60.")]
    public int HeartbeatSeconds { get; set; } = 15;
}
