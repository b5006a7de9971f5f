using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Books;

/// <summary>How the books are held against the chain.</summary>
public sealed class BookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Books";

    /// <summary>After how many seconds the next accounts are looked at whose books changed.</summary>
    [Range(1, 3_600, ErrorMessage = "StellarPay:Books:CompareSeconds must be 1 to 3600.")]
    public int CompareSeconds { get; set; } = 5;
}
