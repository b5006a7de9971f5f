using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Network;

/// <summary>How the follower deals with trouble.</summary>
public sealed class FollowerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Follower";

    /// <summary>How often a wallet is given an operation that it refuses before the operation is parked.</summary>
    [Range(2, 20, ErrorMessage = "StellarPay:Follower:ParkAfterAttempts must be 2 to 20.")]
    public int ParkAfterAttempts { get; set; } = 5;

    /// <summary>The pause before the second attempt, in milliseconds; it doubles with each.</summary>
    [Range(1, 60_000, ErrorMessage = "StellarPay:Follower:FirstPauseMilliseconds must be 1 to 60000.")]
    public int FirstPauseMilliseconds { get; set; } = 500;

    /// <summary>
    /// How long the network may show fewer ledgers than were read before it is taken for another one, where nothing else
    /// tells, in seconds.
    /// </summary>
    [Range(1, 3_600, ErrorMessage = "StellarPay:Follower:BehindSeconds must be 1 to 3600.")]
    public int BehindSeconds { get; set; } = 120;
}
