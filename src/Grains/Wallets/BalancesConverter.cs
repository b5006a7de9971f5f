using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A wallet's balances as a JSON object by asset. The assets' names are shared between wallets.
/// </summary>
internal sealed class BalancesConverter : JsonConverter<Dictionary<string, BalanceRecord>>
{
    // Whoever made the account of an adopted wallet may have given it any assets.
    private const int MostShared = 256;

    private static readonly SharedTexts Names = new(MostShared);

    /// <summary>The one text for an asset's canonical form.</summary>
    public static string Share(string asset) => Names.Share(asset);

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
