using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>How many passwords are hashed at once, and how many may wait for it. Section <c>StellarPay:Passwords</c>.</summary>
internal sealed class PasswordQueueOptions
{
    public const string Section = "StellarPay:Passwords";

    /// <summary>How many are hashed at once; 0 is half of the processors, and at least one.</summary>
    [Range(0, 256, ErrorMessage = "StellarPay:Passwords:Threads must be from 0 to 256.")]
    public int Threads { get; set; }

    /// <summary>The most sign-ups and logins that wait; and as many of those who are logged in.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:Passwords:MostWaiting must be from 1 to 100000.")]
    public int MostWaiting { get; set; } = 64;

    /// <summary>The most of them from one range of addresses (IPv4 /24, IPv6 /48); four times as many from an IPv6 /40.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:Passwords:MostWaitingPerAddress must be from 1 to 100000.")]
    public int MostWaitingPerAddress { get; set; } = 16;

    /// <summary>The most of them for one account.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:Passwords:MostWaitingPerAccount must be from 1 to 100000.")]
    public int MostWaitingPerAccount { get; set; } = 4;

    /// <summary>The longest that one waits.</summary>
    [Range(1, 60, ErrorMessage = "StellarPay:Passwords:LongestWaitSeconds must be from 1 to 60.")]
    public int LongestWaitSeconds { get; set; } = 5;

    public int AtOnce => Threads > 0 ? Threads : Math.Max(1, Environment.ProcessorCount / 2);

    public TimeSpan LongestWait => TimeSpan.FromSeconds(LongestWaitSeconds);
}
