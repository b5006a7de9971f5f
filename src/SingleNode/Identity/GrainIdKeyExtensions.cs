using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Guid keys are 32 hexadecimal digits, integer keys hexadecimal; either may carry "+extension".</summary>
public static class GrainIdKeyExtensions
{
    private const char ExtensionMark = '+';
    private const int GuidLength = 32;

    public static IdSpan CreateIntegerKey(long key) => CreateIntegerKey(key, (string?)null);

    public static IdSpan CreateIntegerKey(long key, string? keyExtension) =>
        WithExtension(key.ToString("X", CultureInfo.InvariantCulture), keyExtension);

    public static IdSpan CreateGuidKey(Guid key) => CreateGuidKey(key, (string?)null);

    public static IdSpan CreateGuidKey(Guid key, string? keyExtension) =>
        WithExtension(key.ToString("N", CultureInfo.InvariantCulture), keyExtension);

    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        var text = Split(grainId.Key.ToString(), out keyExt);
        return long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    public static long GetIntegerKey(this GrainId grainId) => grainId.GetIntegerKey(out _);

    public static long GetIntegerKey(this GrainId grainId, out string? keyExt) =>
        grainId.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new ArgumentException($"The key of {grainId} is not an integer.", nameof(grainId));

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt)
    {
        var text = grainId.Key.ToString();
        keyExt = null;
        if (text.Length > GuidLength && text[GuidLength] == ExtensionMark)
        {
            keyExt = text[(GuidLength + 1)..];
            text = text[..GuidLength];
        }

        return Guid.TryParseExact(text, "N", out key);
    }

    public static Guid GetGuidKey(this GrainId grainId) => grainId.GetGuidKey(out _);

    public static Guid GetGuidKey(this GrainId grainId, out string? keyExt) =>
        grainId.TryGetGuidKey(out var key, out keyExt)
            ? key
            : throw new ArgumentException($"The key of {grainId} is not a Guid.", nameof(grainId));

    private static IdSpan WithExtension(string key, string? extension) =>
        IdSpan.Create(string.IsNullOrEmpty(extension) ? key : key + ExtensionMark + extension);

    private static string Split(string text, out string? extension)
    {
        var mark = text.IndexOf(ExtensionMark, StringComparison.Ordinal);
        extension = mark < 0 ? null : text[(mark + 1)..];
        return mark < 0 ? text : text[..mark];
    }
}
