using System.Globalization;
using NodaTime;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Times as somebody reads them on his own clock, with the zone named.</summary>
internal static class LocalTime
{
    private const string Utc = "UTC";

    /// <summary>A moment in a zone of the IANA database; in UTC where there is none, or not any more.</summary>
    public static string Of(DateTimeOffset moment, string? zone)
    {
        var known = zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone);
        var local = Instant.FromDateTimeOffset(moment).InZone(known ?? DateTimeZone.Utc).ToDateTimeUnspecified();
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm} ({(known is null ? Utc : zone)})");
    }
}
