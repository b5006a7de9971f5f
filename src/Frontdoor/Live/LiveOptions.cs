using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Live;

/// <summary>How live updates reach clients. Section <c>StellarPay:Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string Section = "StellarPay:Live";

    /// <summary>How often the feed of events is read while anyone listens.</summary>
    [Range(10, 10_000, ErrorMessage = "StellarPay:Live:PollMilliseconds must be from 10 to 10000.")]
    public int PollMilliseconds { get; set; } = 50;

    /// <summary>Connections of one user to one front door at once.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Live:ConnectionsPerUser must be from 1 to 1000.")]
    public int ConnectionsPerUser { get; set; } = 20;
}
