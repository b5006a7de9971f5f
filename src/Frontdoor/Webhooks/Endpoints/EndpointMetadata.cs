namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>
/// What a merchant writes beside an endpoint for himself, as Stripe has it: a change is merged, an empty value drops its key.
/// </summary>
internal static class EndpointMetadata
{
    private const int MostKeys = 50;
    private const int LongestKey = 40;
    private const int LongestValue = 500;

    /// <summary>What it is after a change; or what is wrong with that.</summary>
    public static (IReadOnlyDictionary<string, string>? Metadata, string? Problem) Merge(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string?>? change)
    {
        var merged = before.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in change ?? new Dictionary<string, string?>())
        {
            if (Length(key) is 0 or > LongestKey || key.AsSpan().ContainsAny("[]\0"))
            {
                return (null, $"A key of 'metadata' has 1 to {LongestKey} characters, and no square brackets.");
            }

            if (string.IsNullOrEmpty(value))
            {
                merged.Remove(key);
            }
            else if (Length(value) > LongestValue || value.Contains('\0', StringComparison.Ordinal))
            {
                return (null, $"A value of 'metadata' has at most {LongestValue} characters.");
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.Count > MostKeys ? (null, $"'metadata' has at most {MostKeys} keys.") : (merged, null);
    }

    // Characters as people count them, not the halves of which some are made.
    private static int Length(string text) => text.EnumerateRunes().Count();
}
