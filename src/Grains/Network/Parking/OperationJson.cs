using System.Text.Json;

namespace StellarPay.Grains.Network.Parking;

/// <summary>A refused operation as it is kept: camelCase names, amounts in stroops. Stored until it is taken.</summary>
internal static class OperationJson
{
    public static string Write(LedgerOperation operation) => JsonSerializer.Serialize(operation, JsonSerializerOptions.Web);

    /// <exception cref="JsonException">It is no operation.</exception>
    public static LedgerOperation Read(string json) =>
        JsonSerializer.Deserialize<LedgerOperation>(json, JsonSerializerOptions.Web)
            ?? throw new JsonException("A parked operation is null.");
}
