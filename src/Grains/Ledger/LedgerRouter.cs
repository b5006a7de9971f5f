using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Makes of what a batch of ledgers holds the entries for the inbox. Knows no owners: whose an address is, the delivering
/// transaction looks up.
/// </summary>
internal sealed class LedgerRouter(INetworkFeed feed, IClaimableBalances balances, ILedgerInbox inbox, TimeProvider time)
{
    private const string Claim = "claim_claimable_balance";
    private const int ClaimAttempts = 3;
    private const long OperationMask = 0xFFF;

    public async Task<LedgerDelivery> RouteAsync(
        LedgerBatch batch, LedgerWatermark? from, IReadOnlyDictionary<long, string> anchors, CancellationToken cancellationToken)
    {
        var moved = batch.Operations.Where(operation => operation.Successful).ToArray();
        var created = CreatedIn(moved);
        var questions = new BatchQuestions(time);
        var unread = await WithTransactionsAsync(batch.Unread, questions, cancellationToken);
        var explained = await ExplainAsync(moved, created, unread, questions, cancellationToken);
        LedgerEntry[] entries =
        [
            .. batch.Outcomes.Select(outcome => new LedgerEntry(new LedgerPlace(outcome.PagingToken, 0), Outcome: outcome))
                .Concat(explained.SelectMany(Entries))
                .Concat(unread.Select(line => new LedgerEntry(new LedgerPlace(line.PagingToken, line.Number), Unread: line)))
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

    // What cannot be read is kept with all that the network says of its transaction: asked for once a transaction, and only where
    // somebody of ours is named. What is not asked for, or not answered, is kept as it is.
    private async Task<List<UnreadOperation>> WithTransactionsAsync(
        IReadOnlyList<UnreadOperation> unread, BatchQuestions questions, CancellationToken cancellationToken)
    {
        var kept = new List<UnreadOperation>();
        var named = unread.SelectMany(line => line.Accounts).ToHashSet(StringComparer.Ordinal);
        var ours = await inbox.FindOwnersAsync(named, cancellationToken);
        foreach (var lines in unread.GroupBy(line => line.PagingToken & ~OperationMask))
        {
            var asking = lines.Where(line => line.Kind == UnreadKind.Unreadable && line.Accounts.Any(ours.ContainsKey)).ToArray();
            kept.AddRange(lines.Except(asking));
            if (asking.Length > 0)
            {
                var (whole, _) = await questions.AskAsync(
                    token => feed.WithTransactionAsync(asking, token), attempts: 1, cancellationToken);
                kept.AddRange(whole ?? asking);
            }
        }

        return kept;
    }

    // A balance that is claimed or clawed back is named by its id alone: who paid it, and how much, its creation said. Where
    // neither the creation nor, after a few tries, the network says it, the claim is parked for whom it names.
    private async Task<IReadOnlyList<LedgerOperation>> ExplainAsync(
        LedgerOperation[] operations, Dictionary<string, CreatedBalance> created, List<UnreadOperation> unread,
        BatchQuestions questions, CancellationToken cancellationToken)
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
            if (!IsUnexplained(operation))
            {
                explained.Add(operation);
            }
            else if (known.TryGetValue(operation.BalanceId!, out var balance))
            {
                explained.Add(operation with { Creator = balance.Creator, Amount = operation.Type == Claim ? balance.Amount : null });
            }
            else if (operation is not { Type: Claim, To: { } claimant, Amount: null } || !ours.ContainsKey(claimant))
            {
                explained.Add(operation);
            }
            else
            {
                var (whole, problem) = await questions.AskAsync(
                    token => feed.CompleteAsync(operation, token), ClaimAttempts, cancellationToken);
                if (whole is not null)
                {
                    explained.Add(whole);
                }
                else
                {
                    unread.Add(UnexplainedClaim.Of(operation, problem!));
                }
            }
        }

        return explained;
    }

    private static bool IsUnexplained(LedgerOperation operation) => operation is { BalanceId: not null, Claimants: null };
}
