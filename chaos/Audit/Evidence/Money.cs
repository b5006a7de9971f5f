using System.Globalization;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>So much of an asset: <c>native</c> or <c>CODE:ISSUER</c>.</summary>
internal readonly record struct Money(string Asset, long Stroops)
{
    public const string Native = "native";

    /// <summary>The asset's code alone, as people are shown it.</summary>
    public string Code => CodeOf(Asset);

    private const int Places = 7;
    private const long StroopsAUnit = 10_000_000;

    /// <summary>The stroops of a decimal string with at most seven places; a reader of the auditor's own.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static long Parse(string text)
    {
        var negative = text.StartsWith('-');
        var digits = negative ? text[1..] : text;
        var dot = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? digits : digits[..dot];
        var fraction = dot < 0 ? "" : digits[(dot + 1)..];
        if (whole.Length == 0 || fraction.Length > Places || !whole.All(char.IsAsciiDigit) || !fraction.All(char.IsAsciiDigit))
        {
            throw new FormatException($"'{text}' is not an amount.");
        }

        var stroops = checked(
            (long.Parse(whole, CultureInfo.InvariantCulture) * StroopsAUnit)
            + long.Parse(fraction.PadRight(Places, '0'), CultureInfo.InvariantCulture));
        return negative ? -stroops : stroops;
    }

    public static string CodeOf(string asset) => asset == Native ? "XLM" : asset.Split(':')[0];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Stroops / StroopsAUnit}.{Math.Abs(Stroops % StroopsAUnit):0000000} {Asset}");
}
