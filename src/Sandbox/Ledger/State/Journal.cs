namespace StellarPay.Sandbox.Ledger;

/// <summary>One entry before and after; null where it did not exist.</summary>
internal readonly record struct EntryChange(LedgerObject? Before, LedgerObject? After)
{
    public LedgerObject Either => (After ?? Before)!;
}

/// <summary>A place in the journal to return to, and the header at that moment.</summary>
internal readonly record struct JournalMark(int Position, HeaderState Header);

/// <summary>Every change since the ledger was opened, in order, so that any tail of them can be taken back.</summary>
internal sealed class Journal
{
    private readonly List<EntryChange> _changes = [];

    public int Position => _changes.Count;

    public void Add(LedgerObject? before, LedgerObject? after) => _changes.Add(new EntryChange(before, after));

    public EntryChange Pop()
    {
        var last = _changes[^1];
        _changes.RemoveAt(_changes.Count - 1);
        return last;
    }

    public void Clear() => _changes.Clear();

    /// <summary>What changed since the place, each entry once: what it was there and what it is now.</summary>
    public IReadOnlyList<EntryChange> Since(int position)
    {
        var count = _changes.Count - position;
        if (count == 0)
        {
            return [];
        }

        if (count == 1)
        {
            return [_changes[position]];
        }

        var places = new Dictionary<LedgerObject, int>(count, LedgerKeyComparer.Instance);
        var merged = new List<EntryChange>(count);
        for (var i = position; i < _changes.Count; i++)
        {
            var change = _changes[i];
            if (places.TryGetValue(change.Either, out var place))
            {
                merged[place] = merged[place] with { After = change.After };
            }
            else
            {
                places.Add(change.Either, merged.Count);
                merged.Add(change);
            }
        }

        merged.RemoveAll(change => change.Before is null && change.After is null);
        return merged;
    }
}
