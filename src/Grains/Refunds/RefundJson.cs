using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Money;
using StellarPay.Grains.Sessions;
using Amount = StellarPay.Grains.Money.Amount;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// A refund as its merchant's API and its events show it, in Stripe's shape; what Stripe has no field for is in <c>stellarpay</c>.
/// </summary>
public static class RefundJson
{
    /// <summary>The refund.</summary>
    /// <param name="refund">What there is to show.</param>
    /// <param name="livemode">Whether it is on the public network.</param>
    public static JsonElement Of(RefundView refund, bool livemode)
    {
        ArgumentNullException.ThrowIfNull(refund);
        var isFiat = Currencies.IsCode(refund.Currency);
        var paid = Array.Find(refund.Legs, leg => leg.TransactionHash is not null && leg.Status == RefundStatus.Succeeded);
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["id"] = refund.Id.Value,
            ["object"] = "refund",
            ["amount"] = isFiat ? refund.Amount / Currencies.UnitOf(refund.Currency) : refund.Amount,
            ["balance_transaction"] = null,
            ["charge"] = null,
            ["created"] = refund.CreatedAt.ToUnixTimeSeconds(),
            ["currency"] = CodeOf(refund.Currency).ToLowerInvariant(),
            ["destination_details"] = new JsonObject
            {
                ["crypto"] = new JsonObject { ["reference"] = paid?.TransactionHash },
                ["type"] = "crypto",
            },
            ["failure_reason"] = refund.Status == RefundStatus.Failed ? refund.FailureReason : null,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = null,
            ["pending_reason"] = refund.Status == RefundStatus.Pending ? refund.PendingReason ?? "processing" : null,
            ["reason"] = refund.Reason,
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(refund.Status.ToString()),
            ["transfer_reversal"] = null,
            ["stellarpay"] = new JsonObject
            {
                ["livemode"] = livemode,
                ["payment_session"] = refund.Id.Session.Value,
                ["payment"] = refund.Payment is { } payment ? PlaceOf(payment) : null,
                ["asset"] = CodeOf(refund.Asset),
                ["issuer"] = Asset.Parse(refund.Asset).Issuer,
                ["amount_asset"] = Amount.Format(refund.Stroops),
                ["fee_returned"] = Amount.Format(refund.FeeStroops),
                ["claimed"] = refund.IsClaimed,
                ["legs"] = new JsonArray([.. refund.Legs.Select(Leg)]),
                ["ended_at"] = refund.EndedAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            },
        });
    }

    private static JsonObject Leg(RefundLeg leg) => new()
    {
        ["payment"] = PlaceOf(leg.Payment),
        ["to"] = leg.To,
        ["memo"] = leg.Memo?.Value,
        ["memo_type"] = leg.Memo?.Type,
        ["amount"] = Amount.Format(leg.Stroops),
        ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(leg.Status.ToString()),
        ["tx_hash"] = leg.TransactionHash,
        ["failure_reason"] = leg.Failure,
    };

    private static string PlaceOf(Network.LedgerPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Token}-{place.Number}");

    private static string CodeOf(string asset) => Asset.TryParse(asset, out var parsed) ? parsed.Code : asset;
}
