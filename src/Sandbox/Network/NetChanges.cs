using StellarPay.Sandbox.Ledger;

namespace StellarPay.Sandbox.Network;

/// <summary>What a whole ledger changed: each entry once, as it was before and after.</summary>
internal static class NetChanges
{
    public static IReadOnlyList<EntryChange> Of(IReadOnlyList<AppliedTransaction> transactions)
    {
        var changes = new Dictionary<LedgerObject, EntryChange>(LedgerKeyComparer.Instance);
        foreach (var step in transactions.SelectMany(transaction => transaction.FeeChanges)
            .Concat(transactions.SelectMany(transaction =>
                transaction.ChangesBefore.Concat(transaction.OperationChanges.SelectMany(changed => changed)))))
        {
            changes[step.Either] = changes.TryGetValue(step.Either, out var earlier)
                ? earlier with { After = step.After }
                : step;
        }

        return [.. changes.Values.Where(change => change.Before is not null || change.After is not null)];
    }
}
