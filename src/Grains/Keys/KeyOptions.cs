using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Keys;

/// <summary>How a process deals with data keys.</summary>
public sealed class KeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Keys";

    /// <summary>How long an unwrapped data key is kept in guarded memory, in seconds; 0 keeps none.</summary>
    [Range(0, 86_400, ErrorMessage = "StellarPay:Keys:DataKeyCacheSeconds must be 0 to 86400.")]
    public int DataKeyCacheSeconds { get; set; } = 300;

    /// <summary>How many unwrapped data keys are kept at most.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Keys:DataKeyCacheSize must be 1 to 1000000.")]
    public int DataKeyCacheSize { get; set; } = 10_000;
}
