using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Grains.Storage;

/// <summary>
/// Texts of which there are few and which many states hold: read anew for each, the name of an asset alone (144 bytes) is a fiftieth of
/// what an idle wallet costs in memory. So many are shared at most; others are each state's own.
/// </summary>
internal sealed class SharedTexts(int most)
{
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The one text that is equal to this.</summary>
    public string Share(string text) =>
        _texts.TryGetValue(text, out var shared) ? shared
        : _texts.Count < most ? _texts.GetOrAdd(text, text)
        : text;
}

/// <summary>Reads the id of a key-encryption key, of which there are as many as there were rotations.</summary>
internal sealed class KeyIdConverter : JsonConverter<string>
{
    private const int MostShared = 256;

    private static readonly SharedTexts Ids = new(MostShared);

    /// <inheritdoc />
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } id ? Ids.Share(id) : null;

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
