using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Identifiers;

/// <summary>
/// The id of an unmatched receipt: <c>rcp_</c> and 24 hexadecimal digits, 16 of its token in the ledger's order (SEP-35) and 8 of its
/// number there. The place is the id, so that nothing is a receipt twice, and ids sort as the ledger has them.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.UnmatchedReceiptId")]
public readonly record struct UnmatchedReceiptId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "rcp_";

    private const int TokenDigits = 16;
    private const int NumberDigits = 8;

    private UnmatchedReceiptId(string value) => Value = value;

    /// <summary>The id as it is written in JSON and URLs.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Where the ledger holds it; of dust, the first of what it is the sum of.</summary>
    public LedgerPlace Place => new(
        long.Parse(Value.AsSpan(Prefix.Length, TokenDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        int.Parse(Value.AsSpan(Prefix.Length + TokenDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>The id of what the ledger holds at a place.</summary>
    public static UnmatchedReceiptId Of(LedgerPlace place) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{place.Token:x16}{place.Number:x8}"));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static UnmatchedReceiptId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"Not an unmatched receipt's id: expected '{Prefix}' and 24 characters of [0-9a-f].");

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UnmatchedReceiptId id)
    {
        var valid = text?.Length == Prefix.Length + TokenDigits + NumberDigits && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0
            // Neither is ever below zero.
            && text[Prefix.Length] < '8' && text[Prefix.Length + TokenDigits] < '8';
        id = valid ? new UnmatchedReceiptId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
