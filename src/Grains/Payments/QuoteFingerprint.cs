using System.Globalization;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar.Sep2;

namespace StellarPay.Grains.Payments;

/// <summary>What makes two requests for a quote the same under one idempotency key.</summary>
internal static class QuoteFingerprint
{
    /// <summary>
    /// The fingerprint of a request. The fields of before there were paths give the fingerprint of before. What a recipient's
    /// domain says may differ each time that it is asked, and is no part of what the payer asks.
    /// </summary>
    public static string Of(QuoteRequest request)
    {
        var confirm = request.ConfirmsAtOnce ? "confirm" : null;
        var destination = FederationAddress.TryParse(request.Recipient, out _) ? null : request.Destination;
        var memo = request.Facts?.OwnMemo == true ? null : request.Memo;
        var more = request.Facts is { OwnMemo: false, MemoType: { } type } ? $"memo {type}" : null;
        var amount = request.PaysRest ? "rest" : request.Amount;
        if (request.Claimable)
        {
            more = string.Create(CultureInfo.InvariantCulture, $"{more} claimable {request.ReclaimAfterDays}");
        }

        return request.SourceAsset is null && more is null
            ? IdempotencyLedger.Fingerprint(destination, request.Recipient, request.Asset, amount, memo, confirm)
            : IdempotencyLedger.Fingerprint(
                destination, request.Recipient, request.Asset, amount, memo, confirm, more,
                request.SourceAsset, request.SourceAmount, request.MaxSlippageBps?.ToString(CultureInfo.InvariantCulture));
    }
}
