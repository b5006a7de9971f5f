using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>
/// What a contract moved. Each is read by itself: one that is not understood hides no other, for whoever calls a contract
/// chooses what stands beside what.
/// </summary>
internal sealed record BalanceChangeJson
{
    public string? Type { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Amount { get; init; }

    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    /// <summary>A number, which Horizon writes as a string.</summary>
    public JsonElement? DestinationMuxedId { get; init; }

    public string? DestinationMuxedIdType { get; init; }

    internal static (ValueList<AssetBalanceChange> Changes, ValueList<UnreadBalanceChange> Unread) Read(List<JsonElement>? all)
    {
        var changes = new List<AssetBalanceChange>();
        var unread = new List<UnreadBalanceChange>();
        foreach (var json in all ?? [])
        {
            try
            {
                changes.Add(JsonField.Need(json.Deserialize(HorizonJson.Default.BalanceChangeJson), "asset_balance_changes").ToRecord());
            }
            catch (Exception exception) when (
                exception is JsonException or FormatException or ArgumentException or OverflowException or InvalidOperationException)
            {
                unread.Add(new UnreadBalanceChange(json.GetRawText(), exception.Message));
            }
        }
        return ([.. changes], [.. unread]);
    }

    private AssetBalanceChange ToRecord() => new(
        Type switch
        {
            "transfer" => Between(from: true, to: true),
            "mint" => Between(from: false, to: true),
            "burn" or "clawback" => Between(from: true, to: false),
            _ => throw JsonField.Wrong("asset_balance_changes.type"),
        },
        From,
        To,
        JsonField.Asset(AssetType, AssetCode, AssetIssuer, "asset_balance_changes.asset_type"),
        JsonField.WideStroops(Amount, "asset_balance_changes.amount"),
        MuxedId());

    private string Between(bool from, bool to)
    {
        if (from)
        {
            JsonField.Need(From, "asset_balance_changes.from");
        }
        if (to)
        {
            JsonField.Need(To, "asset_balance_changes.to");
        }
        return Type!;
    }

    // CAP-67 also has texts and bytes there, which are no part of an address.
    private ulong? MuxedId() => DestinationMuxedId is { ValueKind: JsonValueKind.String or JsonValueKind.Number } id
        && DestinationMuxedIdType is null or "uint64"
            ? JsonField.UInt64(id.ToString(), "asset_balance_changes.destination_muxed_id")
            : null;
}
