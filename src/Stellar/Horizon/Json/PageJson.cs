using System.Text.Json.Serialization;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record PageJson<TJson, TRecord> : IHorizonJson<HorizonPage<TRecord>>
    where TJson : IHorizonJson<TRecord>
    where TRecord : IHorizonRecord
{
    [JsonPropertyName("_embedded")]
    public EmbeddedJson<TJson>? Embedded { get; init; }

    public HorizonPage<TRecord> ToRecord()
    {
        var records = JsonField.Need(JsonField.Need(Embedded, "_embedded").Records, "records");
        return new HorizonPage<TRecord>([.. records.Select(record => record.ToRecord())]);
    }
}

internal sealed record EmbeddedJson<TJson>
{
    public List<TJson>? Records { get; init; }
}
