using System.Globalization;

namespace StellarPay.Stellar;

/// <summary>
/// Amounts of an asset as the network counts them, in stroops (1e-7 of a unit, a signed 64-bit integer), and as people
/// and Horizon write them, as decimal strings with seven places ("12.5000000").
/// </summary>
/// <remarks>
/// Source: https://developers.stellar.org/docs/learn/fundamentals/stellar-data-structures/assets (amount precision).
/// </remarks>
public static class StellarAmount
{
    /// <summary>Stroops in one unit of an asset.</summary>
    public const long StroopsPerUnit = 10_000_000;

    /// <summary>Decimal places of an amount.</summary>
    public const int Places = 7;

    /// <summary>Length of the longest text that is parsed.</summary>
    public const int MaxTextLength = 64;

    private const ulong MaxUnits = long.MaxValue / StroopsPerUnit;

    /// <summary>
    /// Parses a decimal string: digits, at most one dot with digits on both sides, at most seven places. No sign,
    /// comma, exponent or space.
    /// </summary>
    /// <returns>The amount in stroops, 0 to <see cref="long.MaxValue"/>.</returns>
    /// <exception cref="FormatException">The text is not such a string.</exception>
    /// <exception cref="OverflowException">It is more than 922337203685.4775807.</exception>
    public static long Parse(ReadOnlySpan<char> text) => Read(text, out var stroops) switch
    {
        StellarAmountError.None => stroops,
        StellarAmountError.Overflow => throw new OverflowException("An amount is at most 922337203685.4775807."),
        StellarAmountError.Places => throw new FormatException("An amount has at most 7 decimal places."),
        _ => throw new FormatException("An amount is digits with at most one dot, such as 12.5."),
    };

    /// <summary>Parses as <see cref="Parse"/> does, saying why not instead of throwing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stroops">The amount in stroops; 0 when there is an error.</param>
    /// <param name="error">What is wrong with the text.</param>
    /// <returns>Whether the text is an amount.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long stroops, out StellarAmountError error)
    {
        error = Read(text, out stroops);
        return error == StellarAmountError.None;
    }

    /// <summary>Parses as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stroops">The amount in stroops; 0 when the text is not an amount.</param>
    /// <returns>Whether the text is an amount.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long stroops) =>
        Read(text, out stroops) == StellarAmountError.None;

    /// <summary>
    /// Parses as <see cref="Parse"/> does, but as far as contracts count: their amounts have 128 bits (SEP-41), and so has
    /// what Horizon tells of them. May have a '-' before it. Whether an account can hold so much is the caller's to judge.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="stroops">The amount in stroops; 0 when the text is not an amount.</param>
    /// <returns>Whether the text is an amount of at most 128 bits.</returns>
    public static bool TryParseWide(ReadOnlySpan<char> text, out Int128 stroops)
    {
        stroops = 0;
        var negative = text is ['-', ..];
        var digits = negative ? text[1..] : text;
        var dot = digits.IndexOf('.');
        var units = dot < 0 ? digits : digits[..dot];
        var places = dot < 0 ? [] : digits[(dot + 1)..];
        if (text.Length > MaxTextLength || !IsDigits(units) || (dot >= 0 && !IsDigits(places)) || places.Length > Places)
        {
            return false;
        }
        try
        {
            Int128 total = 0;
            for (var i = 0; i < units.Length + Places; i++)
            {
                var place = i - units.Length;
                var digit = place < 0 ? units[i] : place < places.Length ? places[place] : '0';
                // Counted below zero, where there is one number more.
                total = checked((total * 10) - (digit - '0'));
            }
            stroops = negative ? total : checked(-total);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>An amount with all seven places, such as "12.5000000", as Horizon writes it.</summary>
    /// <param name="stroops">
    /// The amount in stroops. A negative one, which only malformed data holds, gets a '-'.
    /// </param>
    public static string Format(long stroops)
    {
        // long.MinValue has no positive counterpart in a long.
        var magnitude = stroops < 0 ? (ulong)-(stroops + 1) + 1 : (ulong)stroops;
        var (units, rest) = Math.DivRem(magnitude, (ulong)StroopsPerUnit);
        var sign = stroops < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{units}.{rest:D7}");
    }

    /// <summary>An amount of 128 bits with all seven places, as contracts may have it.</summary>
    /// <param name="stroops">The amount in stroops; a negative one gets a '-'.</param>
    public static string FormatWide(Int128 stroops)
    {
        // Int128.MinValue has no positive counterpart.
        var magnitude = stroops < 0 ? (UInt128)(-(stroops + 1)) + 1 : (UInt128)stroops;
        var (units, rest) = UInt128.DivRem(magnitude, (UInt128)StroopsPerUnit);
        var sign = stroops < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{units}.{(ulong)rest:D7}");
    }

    private static StellarAmountError Read(ReadOnlySpan<char> text, out long stroops)
    {
        stroops = 0;
        var dot = text.IndexOf('.');
        var units = dot < 0 ? text : text[..dot];
        var places = dot < 0 ? [] : text[(dot + 1)..];
        if (text.Length > MaxTextLength || !IsDigits(units) || (dot >= 0 && !IsDigits(places)))
        {
            return StellarAmountError.Syntax;
        }
        if (places.Length > Places)
        {
            return StellarAmountError.Places;
        }
        ulong total = 0;
        foreach (var digit in units)
        {
            total = (total * 10) + (ulong)(digit - '0');
            if (total > MaxUnits)
            {
                return StellarAmountError.Overflow;
            }
        }
        for (var place = 0; place < Places; place++)
        {
            total = (total * 10) + (place < places.Length ? (ulong)(places[place] - '0') : 0);
        }
        if (total > long.MaxValue)
        {
            return StellarAmountError.Overflow;
        }
        stroops = (long)total;
        return StellarAmountError.None;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
