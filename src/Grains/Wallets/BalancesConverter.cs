using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A wallet's balances as a JSON object by asset. The assets' names are shared between wallets: read anew for each, a name of 144
/// bytes an asset is a fiftieth of what an idle wallet costs in memory.
/// </summary>
internal sealed class BalancesConverter : JsonConverter<Dictionary<string, BalanceRecord>>
{
    // Whoever made the account of an adopted wallet may have given it any assets.
    private const int MostShared = 256;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    /// <summary>The one text for an asset's canonical form.</summary>
    public static string Share(string asset) =>
        Names.TryGetValue(asset, out var shared) ? shared
        : Names.Count < MostShared ? Names.GetOrAdd(asset, asset)
        : asset;

    /// <inheritdoc />
    public override Dictionary<string, BalanceRecord> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Stored balances are no object.");
        }

        var balances = new Dictionary<string, BalanceRecord>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var asset = Share(reader.GetString()!);
            reader.Read();
            balances[asset] = JsonSerializer.Deserialize<BalanceRecord>(ref reader, options)
                ?? throw new JsonException($"The stored balance of {asset} is null.");
        }

        return balances;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Dictionary<string, BalanceRecord> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (asset, balance) in value)
        {
            writer.WritePropertyName(asset);
            JsonSerializer.Serialize(writer, balance, options);
        }

        writer.WriteEndObject();
    }
}
