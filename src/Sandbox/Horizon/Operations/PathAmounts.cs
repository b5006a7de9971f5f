using StellarPay.Sandbox.Horizon.Ingestion;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>What a path payment really sent and delivered; null where it failed.</summary>
internal static class PathAmounts
{
    public static long? Sent(OperationInPlace operation) =>
        Succeeded(operation) is PathPaymentStrictReceiveResult { Success: { } success }
            ? Sent(success, ((PathPaymentStrictReceiveOperation)operation.Body).SendAsset)
            : null;

    public static long? Received(OperationInPlace operation) =>
        Succeeded(operation) is PathPaymentStrictSendResult { Success: { } success } ? success.Last.Amount : null;

    /// <summary>
    /// The first asset's part of what the crossed offers took. Offers of one hop stand together at the beginning; where
    /// none was crossed, what was sent is what arrived.
    /// </summary>
    public static long Sent(PathPaymentSuccess success, Asset sendAsset)
    {
        if (success.Offers.Count == 0)
        {
            return success.Last.Amount;
        }

        long sent = 0;
        foreach (var claim in success.Offers)
        {
            if (claim.AssetBought != sendAsset)
            {
                break;
            }

            sent += claim.AmountBought;
        }

        return sent;
    }

    private static OperationResultBody? Succeeded(OperationInPlace operation)
    {
        var transaction = operation.Record.Transaction;
        return transaction.Successful
            ? ResultView.Operations(TransactionResult.FromXdr(transaction.Result.AsSpan()))[operation.Record.Index - 1].Inner
            : null;
    }
}
