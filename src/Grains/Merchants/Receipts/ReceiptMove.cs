namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>
/// An unmatched receipt that moves on, with the write of its merchant's state. Where it does not stand at <paramref name="From"/> with just
/// that amount, the whole write is refused.
/// </summary>
/// <param name="From">Where it stands.</param>
/// <param name="Receipt">As it will stand.</param>
internal sealed record ReceiptMove(UnmatchedReceiptStatus From, UnmatchedReceipt Receipt);
