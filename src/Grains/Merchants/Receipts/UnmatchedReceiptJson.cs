using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>An unmatched receipt as its merchant's API and its events show it.</summary>
public static class UnmatchedReceiptJson
{
    /// <summary>The receipt.</summary>
    /// <param name="receipt">What there is to show.</param>
    /// <param name="livemode">Whether it is on the public network.</param>
    public static JsonElement Of(UnmatchedReceipt receipt, bool livemode)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var asset = Asset.Parse(receipt.Asset);
        var isDust = receipt.Reason == UnmatchedReason.Dust;
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["id"] = receipt.Id.Value,
            ["object"] = "unmatched_receipt",
            ["livemode"] = livemode,
            ["status"] = Word(receipt.Status),
            ["reason"] = Word(receipt.Reason),
            ["asset"] = asset.Code,
            ["issuer"] = asset.Issuer,
            ["amount"] = Amount.Format(receipt.Stroops),
            ["payment_count"] = receipt.Payments,
            ["from"] = receipt.SenderMuxed ?? receipt.Sender,
            ["memo"] = receipt.Memo,
            ["memo_type"] = receipt.MemoType,
            ["muxed_id"] = MuxedIdOf(receipt.ReceiverMuxed),
            ["tx_hash"] = receipt.TransactionHash,
            ["operation_id"] = isDust ? null : string.Create(CultureInfo.InvariantCulture, $"{receipt.Place.Token}-{receipt.Place.Number}"),
            ["ledger"] = receipt.Ledger,
            ["closed_at"] = Time(receipt.ClosedAt),
            ["payment_session"] = receipt.Session,
            ["refund"] = receipt.RefundTo is null ? null : new JsonObject
            {
                ["to"] = receipt.RefundTo,
                ["status"] = receipt.Status switch
                {
                    UnmatchedReceiptStatus.Refunded => "succeeded",
                    UnmatchedReceiptStatus.Refunding => "pending",
                    _ => "failed",
                },
                ["tx_hash"] = receipt.RefundHash,
                ["failure_reason"] = receipt.RefundFailure,
            },
            ["decided_at"] = receipt.DecidedAt is { } at ? Time(at) : null,
            ["sequence"] = receipt.Sequence,
        });
    }

    /// <summary>How a status or a reason is written.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string? MuxedIdOf(string? address) => MuxedAccount.TryParse(address, out var muxed) && muxed.Id is { } id
        ? id.ToString(CultureInfo.InvariantCulture)
        : null;

    // As the API writes times.
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
