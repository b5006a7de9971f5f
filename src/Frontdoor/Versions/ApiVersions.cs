using System.Globalization;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Versions;

/// <summary>
/// The versions that are served. What is only added, an endpoint or a field, is no new version; what would be changed or taken away is,
/// and then the version before it needs what turns its requests and the new answers into its own.
/// </summary>
/// <param name="versions">The versions, the first one first.</param>
internal sealed class ApiVersions(params ApiVersion[] versions)
{
    public const string Header = "StellarPay-Version";

    /// <summary>What is served today.</summary>
    public static ApiVersions Today { get; } = new(new ApiVersion(new DateOnly(2026, 11, 27)));

    /// <summary>For who names none: so what was written without a thought of versions goes on working as long as it can.</summary>
    public ApiVersion First => versions[0];

    /// <summary>The version that a request's headers name, or what is wrong with them.</summary>
    public (ApiVersion? Version, Problem? Problem) Find(IReadOnlyList<string?> headers)
    {
        if (headers.Count == 0)
        {
            return (First, null);
        }

        if (headers.Count > 1
            || !DateOnly.TryParseExact(headers[0], ApiVersion.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return (null, Problem.Invalid(
                "version_malformed", $"'{Header}' must be one date written as YYYY-MM-DD, such as {First}; or left out for {First}.", Header));
        }

        return versions.FirstOrDefault(version => version.Date == date) is { } found
            ? (found, null)
            : (null, Problem.Invalid(
                "version_unknown", $"'{Header}' must name a version that is served: {string.Join(", ", versions.AsEnumerable())}.", Header));
    }
}
