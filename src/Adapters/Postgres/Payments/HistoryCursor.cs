using System.Globalization;

namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>A place in a wallet's history. As text, <c>MICROSECONDS-ID</c>: opaque to clients.</summary>
public readonly record struct HistoryCursor(DateTimeOffset CreatedAt, string Id)
{
    private const int MaxIdLength = 64;

    private static readonly long MaxMicroseconds =
        (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse(string? text, out HistoryCursor cursor)
    {
        cursor = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 1
            || !long.TryParse(
                text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || microseconds > MaxMicroseconds)
        {
            return false;
        }

        var id = text![(dash + 1)..];
        if (id.Length is 0 or > MaxIdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return false;
        }

        cursor = new HistoryCursor(
            DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), id);
        return true;
    }

    public override string ToString()
    {
        var microseconds = (CreatedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return string.Create(CultureInfo.InvariantCulture, $"{microseconds}-{Id}");
    }
}
