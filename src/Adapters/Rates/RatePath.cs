using System.Globalization;
using System.Text.Json;

namespace StellarPay.Adapters.Rates;

/// <summary>
/// Where a value is in a JSON document: JSONPath (RFC 9535) with names and indexes only, such as <c>$.rates.EUR</c> or
/// <c>$['data'][0].price</c>.
/// </summary>
internal sealed class RatePath
{
    private const int MaxSteps = 16;

    // A name, or an index where there is no name.
    private readonly IReadOnlyList<(string? Name, int Index)> _steps;

    private RatePath(IReadOnlyList<(string? Name, int Index)> steps) => _steps = steps;

    public static RatePath Parse(string text) =>
        TryParse(text, out var path) ? path! : throw new FormatException($"'{text}' is no path into a document.");

    public static bool TryParse(string text, out RatePath? path)
    {
        path = null;
        if (!text.StartsWith('$'))
        {
            return false;
        }

        var steps = new List<(string? Name, int Index)>();
        for (var rest = text.AsSpan(1); rest.Length > 0;)
        {
            var length = rest[0] switch
            {
                '.' => ReadName(rest, steps),
                '[' => ReadBracket(rest, steps),
                _ => 0,
            };
            if (length == 0 || steps.Count > MaxSteps)
            {
                return false;
            }

            rest = rest[length..];
        }

        path = new RatePath(steps);
        return true;
    }

    /// <summary>What is there; null where nothing is.</summary>
    public JsonElement? Find(JsonElement document)
    {
        var at = document;
        foreach (var (name, index) in _steps)
        {
            if (name is not null)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }
            else if (at.ValueKind == JsonValueKind.Array && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at;
    }

    private static int ReadName(ReadOnlySpan<char> rest, List<(string? Name, int Index)> steps)
    {
        var end = rest[1..].IndexOfAny('.', '[');
        var name = end < 0 ? rest[1..] : rest.Slice(1, end);
        if (name.IsEmpty || name.IndexOfAny("]'\"*$ ") >= 0)
        {
            return 0;
        }

        steps.Add((name.ToString(), 0));
        return name.Length + 1;
    }

    private static int ReadBracket(ReadOnlySpan<char> rest, List<(string? Name, int Index)> steps)
    {
        var end = rest.IndexOf(']');
        if (end < 0)
        {
            return 0;
        }

        var inside = rest[1..end];
        if (inside.Length > 2 && inside[0] == '\'' && inside[^1] == '\'' && inside[1..^1].IndexOfAny('\'', '\\') < 0)
        {
            steps.Add((inside[1..^1].ToString(), 0));
            return end + 1;
        }

        if (!int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return 0;
        }

        steps.Add((null, index));
        return end + 1;
    }
}
