using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Stellar.Sep2;

internal sealed record FederationJson
{
    public string? StellarAddress { get; init; }

    public string? AccountId { get; init; }

    public string? MemoType { get; init; }

    public JsonElement Memo { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FederationJson))]
internal sealed partial class FederationJsonContext : JsonSerializerContext;
