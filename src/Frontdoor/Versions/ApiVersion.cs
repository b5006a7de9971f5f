using System.Globalization;

namespace StellarPay.Frontdoor.Versions;

/// <summary>How requests and answers look, by the day from which they do.</summary>
/// <param name="Date">The day.</param>
/// <param name="Deprecated">That it goes out of use; null while it does not.</param>
internal sealed record ApiVersion(DateOnly Date, Deprecation? Deprecated = null)
{
    /// <summary>As the header has it.</summary>
    public override string ToString() => Date.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>How a date is written.</summary>
    public const string Format = "yyyy-MM-dd";
}
