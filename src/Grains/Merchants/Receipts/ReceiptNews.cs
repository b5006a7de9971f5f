using System.Text.Json;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>
/// What a merchant tells a session: that something which named nobody is for it. Stored as JSON: names are a contract.
/// </summary>
/// <param name="Assigned">The receipt as it stands then.</param>
/// <param name="Merchant">Who holds it.</param>
internal sealed record ReceiptAssignment(UnmatchedReceipt Assigned, string Merchant)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static ReceiptAssignment? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("assigned", out _)
            ? content.Deserialize<ReceiptAssignment>(StateJson.Options)
            : null;

    /// <summary>As a session judges what came: as if it had named the session.</summary>
    /// <param name="address">Where it came.</param>
    public LedgerOperation MovementTo(string address) => new(
        Assigned.Place.Token, Assigned.TransactionHash ?? "", null, Successful: true, "payment", Assigned.Sender, address,
        new Amount(Asset.Parse(Assigned.Asset), Assigned.Stroops), Assigned.Memo, Assigned.Ledger, Assigned.ClosedAt,
        FromMuxed: Assigned.SenderMuxed, ToMuxed: Assigned.ReceiverMuxed, MemoType: Assigned.MemoType);
}

/// <summary>What a session tells a merchant: that it will never judge what he assigned to it.</summary>
/// <param name="Unassigned">The receipt as it was assigned.</param>
internal sealed record ReceiptReturn(UnmatchedReceipt Unassigned)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static ReceiptReturn? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("unassigned", out _)
            ? content.Deserialize<ReceiptReturn>(StateJson.Options)
            : null;
}
