using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>Collects the effects of one operation in order.</summary>
internal sealed class EffectSink(HistoryOperation operation)
{
    private static readonly Bytes NoDetails = Bytes.Create("{}"u8);

    private readonly List<HistoryEffect> _effects = [];

    public IReadOnlyList<HistoryEffect> Effects => _effects;

    public void Add(EffectType type, MuxedAccount account, Action<Utf8JsonWriter>? details = null) =>
        _effects.Add(new HistoryEffect
        {
            Operation = operation,
            Order = _effects.Count + 1,
            Type = type,
            Account = account,
            Details = details is null ? NoDetails : Render(details),
        });

    public void Move(EffectType type, MuxedAccount account, Asset asset, long amount) => Add(type, account, json =>
    {
        AssetNames.Of(asset).Write(json);
        json.WriteAmount("amount", amount);
    });

    private static Bytes Render(Action<Utf8JsonWriter> details) => Bytes.Create(EventStream.Render(json =>
    {
        json.WriteStartObject();
        details(json);
        json.WriteEndObject();
    }).Span);
}
