using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Makes of what a batch of ledgers holds the entries for the inbox. Knows no owners: whose an address is, the delivering
/// transaction looks up.
/// </summary>
internal sealed class LedgerRouter(INetworkFeed feed, IClaimableBalances balances, ILedgerInbox inbox)
{
    private const string Claim = "claim_claimable_balance";

    public async Task<LedgerDelivery> RouteAsync(
        LedgerBatch batch, LedgerWatermark? from, IReadOnlyDictionary<long, string> anchors, CancellationToken cancellationToken)
    {
        var moved = batch.Operations.Where(operation => operation.Successful).ToArray();
        var created = CreatedIn(moved);
        var explained = await ExplainAsync(moved, created, cancellationToken);
        LedgerEntry[] entries =
        [
            .. batch.Outcomes.Select(outcome => new LedgerEntry(new LedgerPlace(outcome.PagingToken, 0), Outcome: outcome))
                .Concat(explained.SelectMany(Entries))
                .Concat(batch.Unread.Select(line => new LedgerEntry(new LedgerPlace(line.PagingToken, line.Number), Unread: line)))
                .OrderBy(entry => entry.Place),
        ];
        return new LedgerDelivery(from, batch.Ledgers[^1], anchors, entries, [.. created.Values]);
    }

    // Each movement is an entry, so that none is too large to take.
    private static IEnumerable<LedgerEntry> Entries(LedgerOperation operation) =>
        operation.Split().Select((moved, number) => new LedgerEntry(new LedgerPlace(operation.PagingToken, number), Movement: moved));

    private static Dictionary<string, CreatedBalance> CreatedIn(IEnumerable<LedgerOperation> operations)
    {
        var created = new Dictionary<string, CreatedBalance>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            if (operation is { BalanceId: { } id, From: { } creator, Amount: { } amount, Claimants: not null })
            {
                created[id] = new CreatedBalance(id, creator, amount, operation.Ledger);
            }
        }

        return created;
    }

    // A balance that is claimed or clawed back is named by its id alone: who paid it, and how much, its creation said.
    private async Task<IReadOnlyList<LedgerOperation>> ExplainAsync(
        LedgerOperation[] operations, Dictionary<string, CreatedBalance> created, CancellationToken cancellationToken)
    {
        var ids = operations.Where(IsUnexplained).Select(operation => operation.BalanceId!).ToHashSet(StringComparer.Ordinal);
        if (ids.Count == 0)
        {
            return operations;
        }

        var known = (await balances.FindAsync(ids, cancellationToken)).ToDictionary(StringComparer.Ordinal);
        foreach (var (id, balance) in created)
        {
            known[id] = balance;
        }

        var claimants = operations.Where(o => IsUnexplained(o) && o.Type == Claim && !known.ContainsKey(o.BalanceId!))
            .Select(o => o.To).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var ours = await inbox.FindOwnersAsync(claimants, cancellationToken);
        var explained = new List<LedgerOperation>(operations.Length);
        foreach (var operation in operations)
        {
            explained.Add(
                !IsUnexplained(operation) ? operation
                : known.TryGetValue(operation.BalanceId!, out var balance)
                    ? operation with { Creator = balance.Creator, Amount = operation.Type == Claim ? balance.Amount : null }
                : operation is { Type: Claim, To: { } claimant, Amount: null } && ours.ContainsKey(claimant)
                    ? await feed.CompleteAsync(operation, cancellationToken)
                : operation);
        }

        return explained;
    }

    private static bool IsUnexplained(LedgerOperation operation) => operation is { BalanceId: not null, Claimants: null };
}
