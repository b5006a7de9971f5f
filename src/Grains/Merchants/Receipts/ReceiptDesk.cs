using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>
/// Where it is decided what becomes of an unmatched receipt: in one turn of its merchant, so that of two decisions one is made. What is
/// decided already is answered again, and anything else refused.
/// </summary>
internal sealed class ReceiptDesk(IMerchantContext merchant, IUnmatchedReceipts receipts, RefundPayers payers, RefundOptions options)
{
    private static readonly Error NoSuchReceipt =
        new(ErrorKind.NotFound, "unmatched_receipt_not_found", "There is no such unmatched receipt.");

    private static readonly Error OfDust = new(ErrorKind.Refused, "unmatched_receipt_dust",
        "It is the sum of many payments that are too small to be given back or to pay for anything. It can be declared a top-up.");

    private static readonly Error NoSender = new(ErrorKind.Refused, "refund_payer_unknown",
        "The ledger names nobody to whom this payment could be returned.");

    private static readonly Error TooMany = new(ErrorKind.RateLimited, "merchant_refunds_too_many",
        "Too many of the merchant's refunds wait or are under way. Please try again later.");

    private static readonly Error NotThere = new(ErrorKind.Conflict, "unmatched_receipt_not_there",
        "The merchant's account no longer holds what came. Please ask our support.");

    private static readonly Error NotYet = new(ErrorKind.Unavailable, "payment_session_busy",
        "The payment session to which it was assigned before does not know yet that it has nothing of it. Please try again in a moment.");

    /// <summary>Gives one to a session. In a turn.</summary>
    public Task<Result<UnmatchedReceipt>> AssignAsync(MerchantId caller, UnmatchedReceiptId id, PaymentSessionId session) => DecideAsync(
        caller, id, found => found.Status == UnmatchedReceiptStatus.Assigned && found.Session == session.Value,
        found => found.Reason == UnmatchedReason.Dust
            ? OfDust
            : (UnbookedSales.WasPassedOver(merchant.State, found.Place) ? NotYet : Held(found))
                ?? (Result<UnmatchedReceipt>)merchant.Receipts.Assign(found, session));

    /// <summary>Declares one the merchant's own. In a turn.</summary>
    public Task<Result<UnmatchedReceipt>> TopUpAsync(MerchantId caller, UnmatchedReceiptId id) => DecideAsync(
        caller, id, found => found.Status == UnmatchedReceiptStatus.Topup,
        found => Held(found) ?? (Result<UnmatchedReceipt>)merchant.Receipts.TopUp(found));

    /// <summary>
    /// Gives one back. From a call that interleaves, and never in a turn: the network is asked whether its sender can be paid.
    /// </summary>
    public async Task<Result<UnmatchedReceipt>> RefundAsync(MerchantId caller, UnmatchedReceiptId id, CancellationToken cancellationToken)
    {
        var looked = await merchant.InTurnAsync(() => FindAsync(caller, id));
        if (!looked.IsSuccess || IsBack(looked.Value))
        {
            return looked;
        }

        if (Refusal(looked.Value) is { } refusal)
        {
            return refusal;
        }

        var asked = await payers.CheckAsync(
            caller.Value, [new RefundPayee(PayerOf(looked.Value)!)], looked.Value.Asset, isClaimed: false, cancellationToken);
        return asked[0].Refusal is { } unpayable
            ? unpayable
            : await merchant.InTurnAsync(() => DecideAsync(caller, id, IsBack, Refund));
    }

    private Result<UnmatchedReceipt> Refund(UnmatchedReceipt found) =>
        Refusal(found) is { } refusal ? refusal
        : merchant.Receipts.Refund(found, PayerOf(found)!, merchant.Now) is { } refunding ? refunding
        : NotThere;

    private async Task<Result<UnmatchedReceipt>> DecideAsync(
        MerchantId caller, UnmatchedReceiptId id, Func<UnmatchedReceipt, bool> isSo,
        Func<UnmatchedReceipt, Result<UnmatchedReceipt>> decide)
    {
        var found = await FindAsync(caller, id);
        if (!found.IsSuccess || isSo(found.Value))
        {
            return found;
        }

        if (found.Value.Status != UnmatchedReceiptStatus.Unmatched)
        {
            return Decided(found.Value);
        }

        var decided = decide(found.Value);
        if (decided.IsSuccess)
        {
            await merchant.SaveAsync();
        }

        return decided;
    }

    private async Task<Result<UnmatchedReceipt>> FindAsync(MerchantId caller, UnmatchedReceiptId id) =>
        merchant.State.Key is null || caller.Value != merchant.Key ? IMerchantContext.NoSuchMerchant
        : await receipts.FindAsync(caller, id, CancellationToken.None) is { } found ? found
        : NoSuchReceipt;

    // Something may have eaten of what names nobody; then nobody is given what is not there.
    private Error? Held(UnmatchedReceipt found) =>
        merchant.State.Books.TryGetValue(found.Asset, out var book) && book.Unallocated >= found.Stroops ? null : NotThere;

    private Error? Refusal(UnmatchedReceipt found) => found switch
    {
        { Status: not UnmatchedReceiptStatus.Unmatched } => Decided(found),
        { Reason: UnmatchedReason.Dust } => OfDust,
        _ when PayerOf(found) is null => NoSender,
        _ when new RefundDays(merchant.State, options).Waiting(isClaimed: false) >= options.MostWaiting => TooMany,
        _ => null,
    };

    private static bool IsBack(UnmatchedReceipt found) =>
        found.Status is UnmatchedReceiptStatus.Refunding or UnmatchedReceiptStatus.Refunded;

    private static Error Decided(UnmatchedReceipt found) => new(ErrorKind.Conflict, "unmatched_receipt_decided", found.Status switch
    {
        UnmatchedReceiptStatus.Assigned => $"The receipt was assigned to {found.Session}: what is to go back of it is refunded there.",
        UnmatchedReceiptStatus.Topup => "The receipt was declared a top-up.",
        UnmatchedReceiptStatus.Refunding => "The receipt is on its way back to its sender.",
        _ => "The receipt has gone back to its sender.",
    });

    // Only a muxed source says who of many paid; the payment's memo speaks of us. A contract is no account: nothing can be paid to it.
    private static string? PayerOf(UnmatchedReceipt found) =>
        found.SenderMuxed ?? (found.Sender is { } from && from.StartsWith('G') ? from : null);
}
