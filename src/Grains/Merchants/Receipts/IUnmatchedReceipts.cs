using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>
/// Merchants' unmatched receipts, to read. They are entered and moved on by the writes of the merchants' states
/// (<see cref="Ledger.InboxMarks"/>), not here.
/// </summary>
public interface IUnmatchedReceipts
{
    /// <summary>A merchant's receipt; null where it is none of his.</summary>
    Task<UnmatchedReceipt?> FindAsync(MerchantId merchant, UnmatchedReceiptId id, CancellationToken cancellationToken);

    /// <summary>Some of a merchant's receipts, newest first, as the ledger has them; before one of them, oldest first.</summary>
    Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(ReceiptQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// What a transaction brought a merchant that names nobody, in the ledger's order, but dust: a transaction has a hundred operations at
    /// most.
    /// </summary>
    Task<IReadOnlyList<UnmatchedReceipt>> FindAsync(MerchantId merchant, string transactionHash, CancellationToken cancellationToken);
}

/// <summary>Which of a merchant's receipts are asked for.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Status">Only those with this status; null for all.</param>
/// <param name="After">Only what is older than this one; null for no bound.</param>
/// <param name="Before">Only what is newer than this one, and then oldest first; null for no bound. Not both.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ReceiptQuery(
    MerchantId Merchant, UnmatchedReceiptStatus? Status, UnmatchedReceiptId? After, UnmatchedReceiptId? Before, int Limit);
