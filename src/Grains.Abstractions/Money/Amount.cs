using System.Globalization;

namespace StellarPay.Grains.Money;

/// <summary>
/// A count of stroops (1e-7 of a unit) of an asset. Never a floating-point number; arithmetic that overflows throws.
/// </summary>
/// <param name="Asset">What is counted.</param>
/// <param name="Stroops">How many ten-millionths of a unit.</param>
[GenerateSerializer, Immutable, Alias("sp.Amount")]
public readonly record struct Amount([property: Id(0)] Asset Asset, [property: Id(1)] long Stroops)
{
    /// <summary>Stroops in one unit of any asset.</summary>
    public const long StroopsPerUnit = 10_000_000;

    private const int Places = 7;

    /// <summary>The amount as JSON carries it: a decimal string with seven places.</summary>
    public string ToDecimalString() => Format(Stroops);

    /// <summary>Stroops as a decimal string with seven places, such as <c>12.5000000</c>.</summary>
    public static string Format(long stroops)
    {
        var units = Math.DivRem(stroops, StroopsPerUnit, out var rest);
        var sign = stroops < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{UInt128.CreateChecked(Int128.Abs(units))}.{Math.Abs(rest):D7}");
    }

    /// <summary>
    /// Reads a decimal string strictly: digits, at most one dot with digits on both sides, at most seven places; no
    /// sign, comma, exponent or space; at most 922337203685.4775807.
    /// </summary>
    public static bool TryParseStroops(string? text, out long stroops)
    {
        stroops = 0;
        if (string.IsNullOrEmpty(text) || text.Length > 40)
        {
            return false;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? text.AsSpan() : text.AsSpan(0, dot);
        var part = dot < 0 ? default : text.AsSpan(dot + 1);
        if (whole.IsEmpty || (dot >= 0 && part.IsEmpty) || part.Length > Places)
        {
            return false;
        }

        Int128 value = 0;
        for (var i = 0; i < whole.Length + Places; i++)
        {
            var c = i < whole.Length ? whole[i] : i - whole.Length < part.Length ? part[i - whole.Length] : '0';
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
            if (value > long.MaxValue)
            {
                return false;
            }
        }

        stroops = (long)value;
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{ToDecimalString()} {Asset.Code}";
}
