using StellarPay.Grains.Audit;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>Something in the audit log that is not as it was written.</summary>
/// <param name="Chain">In which chain.</param>
/// <param name="Number">At which entry.</param>
/// <param name="What">What is wrong, as the end of a sentence.</param>
public sealed record AuditFault(string Chain, long Number, string What);

/// <summary>A head of a chain that is known from outside of the chain.</summary>
/// <param name="Head">The head.</param>
/// <param name="Witness">Who knows it, such as <c>checkpoint 7</c>.</param>
internal sealed record KnownHead(AuditHead Head, string Witness);

/// <summary>Walks along a chain, entry by entry, and says what does not fit. After a fault it goes on from what it found.</summary>
/// <param name="chain">The chain.</param>
/// <param name="known">Heads that are known from elsewhere, in any order.</param>
internal sealed class AuditChainWalk(string chain, IEnumerable<KnownHead> known)
{
    private readonly ILookup<long, KnownHead> _known = known.ToLookup(head => head.Head.Number);
    private readonly List<AuditFault> _faults = [];
    private string _previous = AuditRow.NoHash;

    /// <summary>How many entries there were.</summary>
    public long Count { get; private set; }

    /// <summary>The number of the last entry.</summary>
    public long Last { get; private set; }

    public void Take(AuditRow row)
    {
        Count++;
        if (row.Number <= Last)
        {
            Add(row.Number, "is there more than once");
        }
        else if (row.Number > Last + 1)
        {
            Add(Last + 1, row.Number == Last + 2 ? "is missing" : $"and all up to {row.Number - 1} are missing");
        }
        else if (row.PreviousHash != _previous)
        {
            Add(row.Number, "does not follow the entry before it");
        }

        if (row.ComputeHash() != row.Hash)
        {
            Add(row.Number, "was changed: its hash is that of something else");
        }

        foreach (var head in _known[row.Number].Where(head => head.Head.Hash != row.Hash))
        {
            Add(row.Number, $"is not the entry that {head.Witness} knew there");
        }

        (_previous, Last) = (row.Hash, Math.Max(Last, row.Number));
    }

    /// <summary>There are no more. All that is wrong.</summary>
    public IReadOnlyList<AuditFault> End()
    {
        var cut = _known.SelectMany(heads => heads).Where(head => head.Head.Number > Last).MaxBy(head => head.Head.Number);
        if (cut is not null)
        {
            Add(Last + 1, $"and all that followed are cut off: {cut.Witness} knew entry {cut.Head.Number}");
        }

        return _faults;
    }

    private void Add(long number, string what) => _faults.Add(new AuditFault(chain, number, what));
}
