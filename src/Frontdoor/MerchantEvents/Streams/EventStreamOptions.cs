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

    /// <summary>Streams of the merchants that one user registered, at once.</summary>
    [Range(1, 10_000, ErrorMessage = "StellarPay:EventStreams:PerOwner must be from 1 to 10000.")]
    public int PerOwner { get; set; } = 32;

    /// <summary>Streams of all merchants at once.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:EventStreams:InAll must be from 1 to 100000.")]
    public int InAll { get; set; } = 2_000;

    /// <summary>How long a stream is silent before a line says that it still is.</summary>
    [Range(1, 60, ErrorMessage = "StellarPay:EventStreams:HeartbeatSeconds must be from 1 to 60.")]
    public int HeartbeatSeconds { get; set; } = 15;
}
