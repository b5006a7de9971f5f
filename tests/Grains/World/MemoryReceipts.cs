using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Tests.World;

/// <summary>
/// Unmatched receipts, in memory, with the database's rules: those of unmatched_receipts_enter and unmatched_receipts_move.
/// </summary>
internal sealed class MemoryReceipts : IUnmatchedReceipts
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Merchant, LedgerPlace Place), UnmatchedReceipt> _receipts = [];

    /// <summary>All of a merchant's, oldest first.</summary>
    public UnmatchedReceipt[] Of(MerchantId merchant)
    {
        lock (_lock)
        {
            return [.. _receipts.Where(each => each.Key.Merchant == merchant.Value).Select(each => each.Value)];
        }
    }

    /// <summary>Why the database would refuse what a write carries, as SQLSTATE; null where it would not.</summary>
    public string? Refusal(string merchant, JsonNode marks)
    {
        lock (_lock)
        {
            return Entered(marks).Any(one => DustOf(merchant, one) is null && _receipts.ContainsKey((merchant, one.Place))) ? "23505"
                : Moves(marks).Any(move => _receipts.GetValueOrDefault((merchant, move.Receipt.Place)) is not { } there
                    || there.Status != move.From || there.Stroops != move.Receipt.Stroops) ? "SP009"
                : Moves(marks).Any(move => move.From is UnmatchedReceiptStatus.Topup or UnmatchedReceiptStatus.Refunded) ? "23514"
                : null;
        }
    }

    /// <summary>What the database does with what a write carries.</summary>
    public void Take(string merchant, JsonNode marks)
    {
        lock (_lock)
        {
            foreach (var one in Entered(marks))
            {
                var into = DustOf(merchant, one);
                _receipts[(merchant, into?.Place ?? one.Place)] = into is null ? one : into with
                {
                    Stroops = into.Stroops + one.Stroops, Payments = into.Payments + one.Payments, ClosedAt = one.ClosedAt,
                    Ledger = one.Ledger,
                };
            }

            foreach (var move in Moves(marks))
            {
                _receipts[(merchant, move.Receipt.Place)] = move.Receipt;
            }
        }
    }

    public Task<UnmatchedReceipt?> FindAsync(MerchantId merchant, UnmatchedReceiptId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_receipts.GetValueOrDefault((merchant.Value, id.Place)));
        }
    }

    public Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(ReceiptQuery query, CancellationToken cancellationToken)
    {
        var some = Of(query.Merchant).Where(each => (query.Status is null || each.Status == query.Status)
            && (query.After is null || each.Place < query.After.Value.Place)
            && (query.Before is null || each.Place > query.Before.Value.Place));
        return Task.FromResult<IReadOnlyList<UnmatchedReceipt>>(
            [.. (query.Before is null ? some.Reverse() : some).Take(query.Limit)]);
    }

    public Task<IReadOnlyList<UnmatchedReceipt>> FindAsync(
        MerchantId merchant, string transactionHash, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UnmatchedReceipt>>(
            [.. Of(merchant).Where(each => each.TransactionHash == transactionHash)]);

    private UnmatchedReceipt? DustOf(string merchant, UnmatchedReceipt one) => one.Reason != UnmatchedReason.Dust ? null : _receipts
        .Where(each => each.Key.Merchant == merchant).Select(each => each.Value)
        .FirstOrDefault(each =>
            each is { Reason: UnmatchedReason.Dust, Status: UnmatchedReceiptStatus.Unmatched } && each.Asset == one.Asset);

    private static UnmatchedReceipt[] Entered(JsonNode marks) =>
        marks["receipts"].Deserialize<UnmatchedReceipt[]>(StateJson.Options) ?? [];

    private static ReceiptMove[] Moves(JsonNode marks) => marks["receiptMoves"].Deserialize<ReceiptMove[]>(StateJson.Options) ?? [];
}
