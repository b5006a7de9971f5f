using StellarPay.Sandbox.Ledger;

namespace StellarPay.Sandbox.Network;

/// <summary>What the last ledgers changed, so that a stale read can look behind them. Guarded by the network's lock.</summary>
internal sealed class RecentChanges
{
    /// <summary>How far back a stale read can go.</summary>
    public const int MaxLedgers = 64;

    private readonly LinkedList<(uint Ledger, IReadOnlyList<EntryChange> Changes)> _ledgers = new();

    public void Add(uint ledger, IReadOnlyList<EntryChange> changes)
    {
        _ledgers.AddFirst((ledger, changes));
        if (_ledgers.Count > MaxLedgers)
        {
            _ledgers.RemoveLast();
        }
    }

    public void Clear() => _ledgers.Clear();

    /// <summary>The entries as they were after the given ledger, of those that the predicate is about.</summary>
    public IEnumerable<LedgerObject> Undo(
        IEnumerable<LedgerObject> present, uint asOf, Func<LedgerObject, bool> isAbout)
    {
        var entries = present.ToDictionary(entry => entry, LedgerKeyComparer.Instance);
        foreach (var (ledger, changes) in _ledgers)
        {
            if (ledger <= asOf)
            {
                break;
            }

            foreach (var change in changes)
            {
                if (change.Before is null)
                {
                    entries.Remove(change.Either);
                }
                else if (isAbout(change.Before))
                {
                    entries[change.Before] = change.Before;
                }
            }
        }

        return entries.Values;
    }
}
