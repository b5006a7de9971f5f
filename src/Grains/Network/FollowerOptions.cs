using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Network;

/// <summary>How the follower deals with trouble.</summary>
public sealed class FollowerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Follower";

    /// <summary>
    /// How long the network may show fewer ledgers than were read before it is taken for another one, where nothing else
    /// tells, in seconds.
    /// </summary>
    [Range(1, 3_600, ErrorMessage = "StellarPay:Follower:BehindSeconds must be 1 to 3600.")]
    public int BehindSeconds { get; set; } = 120;
}
