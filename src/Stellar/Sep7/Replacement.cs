using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep7;

/// <summary>A field of a transaction that the wallet is to fill in.</summary>
/// <param name="Field">Which, as SEP-11 names it, without "tx.": "sourceAccount", "operations[0].destination" …</param>
/// <param name="Reference">Fields with the same reference get the same value.</param>
/// <param name="Hint">What the wallet asks for.</param>
/// <remarks>Source: SEP-7, parameter <c>replace</c>.</remarks>
public sealed record Replacement(string Field, string Reference, string Hint)
{
    private const int MaxReplacements = 100;

    internal static string Format(ValueList<Replacement> replacements)
    {
        foreach (var replacement in replacements)
        {
            Require(replacement.Field, ",;:");
            Require(replacement.Reference, ",;:");
            Require(replacement.Hint, ",;");
        }
        var fields = replacements.Select(replacement => $"{replacement.Field}:{replacement.Reference}");
        var hints = replacements.DistinctBy(replacement => replacement.Reference)
            .Select(replacement => $"{replacement.Reference}:{replacement.Hint}");
        return $"{string.Join(',', fields)};{string.Join(',', hints)}";
    }

    /// <exception cref="FormatException">Fields and hints are not balanced.</exception>
    internal static ValueList<Replacement> Parse(string text)
    {
        var halves = text.Split(';');
        if (halves.Length != 2)
        {
            throw new FormatException("The replace parameter is fields and hints with one semicolon between.");
        }
        var fields = Pairs(halves[0]);
        var hints = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (reference, hint) in Pairs(halves[1]))
        {
            if (!hints.TryAdd(reference, hint))
            {
                throw new FormatException("A reference of the replace parameter has two hints.");
            }
        }
        if (!fields.Select(field => field.Right).ToHashSet(StringComparer.Ordinal).SetEquals(hints.Keys))
        {
            throw new FormatException("The references of the replace parameter differ before and after the semicolon.");
        }
        return fields.Select(field => new Replacement(field.Left, field.Right, hints[field.Right])).ToValueList();
    }

    private static List<(string Left, string Right)> Pairs(string text)
    {
        var pairs = text.Split(',', MaxReplacements + 1);
        if (pairs.Length > MaxReplacements)
        {
            throw new FormatException($"The replace parameter has more than {MaxReplacements} fields.");
        }
        return [.. pairs.Select(Pair)];
    }

    private static (string Left, string Right) Pair(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? (text[..colon], text[(colon + 1)..])
            : throw new FormatException("Each part of the replace parameter is two names with a colon between.");
    }

    private static void Require(string text, string forbidden)
    {
        if (text.Length == 0 || text.AsSpan().IndexOfAny(forbidden) >= 0)
        {
            throw new InvalidOperationException($"A replacement's parts are not empty and have none of {forbidden}.");
        }
    }
}
