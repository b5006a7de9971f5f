using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Live;

/// <summary>How live updates reach clients. Section <c>StellarPay:Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string Section = "StellarPay:Live";

    /// <summary>Connections of one user to one front door at once.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Live:ConnectionsPerUser must be from 1 to 1000.")]
    public int ConnectionsPerUser { get; set; } = 20;
}
