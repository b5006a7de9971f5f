using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>A page of operations whose records are read one by one.</summary>
internal sealed record OperationLinesJson : IHorizonJson<HorizonPage<OperationLine>>
{
    [JsonPropertyName("_embedded")]
    public EmbeddedJson<JsonElement>? Embedded { get; init; }

    public HorizonPage<OperationLine> ToRecord()
    {
        var records = JsonField.Need(JsonField.Need(Embedded, "_embedded").Records, "records");
        return new HorizonPage<OperationLine>([.. records.Select(Read)]);
    }

    internal static OperationLine Read(JsonElement json)
    {
        try
        {
            var read = JsonField.Need(json.Deserialize(HorizonJson.Default.OperationJson), "records").ToRecord();
            return new OperationLine(read.PagingToken, json, read, Problem: null);
        }
        // Whatever is wrong with it, and wherever in the reading it shows: the page goes on without it.
        catch (Exception exception) when (
            exception is JsonException or XdrException or FormatException or ArgumentException or OverflowException
                or InvalidOperationException)
        {
            return new OperationLine(PlaceOf(json), json, Record: null, exception.Message);
        }
    }

    private static string PlaceOf(JsonElement json)
    {
        foreach (var name in (ReadOnlySpan<string>)["paging_token", "id"])
        {
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field)
                && field.ValueKind == JsonValueKind.String && field.GetString() is { } text)
            {
                JsonField.Int64(text, name);
                return text;
            }
        }
        throw JsonField.Wrong("paging_token");
    }
}
