namespace StellarPay.Sandbox.Ledger;

/// <summary>Keeps the queue to two ledgers' worth of operations, in favour of those who pay more.</summary>
internal sealed class QueueLimiter
{
    /// <summary>How many full ledgers the queue holds.</summary>
    public const int LedgersHeld = 2;

    private readonly SortedSet<TransactionFrame> _cheapestFirst = new(CheapestFirst.Instance);
    private FeeRate? _evicted;
    private long _operations;

    /// <summary>
    /// Whether there is room, and at whose cost. Otherwise the least fee with which there would be, or zero if none is.
    /// </summary>
    public (bool Fits, long FeeNeeded) CanAdd(
        TransactionFrame added, TransactionFrame? replaced, long maximumOperations, List<TransactionFrame> evicted)
    {
        if (_evicted is { } beaten && beaten.CompareTo(added.FeeRate) >= 0)
        {
            return (false, beaten.FeeToBeat(added.OperationCount));
        }

        // A replacement counts with the operations of the one that it replaces, as in stellar-core.
        var operations = replaced?.OperationCount ?? added.OperationCount;
        if (operations > maximumOperations)
        {
            return (false, 0);
        }

        var needed = _operations + operations - maximumOperations;
        foreach (var cheapest in _cheapestFirst)
        {
            if (needed <= 0)
            {
                break;
            }

            if (cheapest.FeeRate.CompareTo(added.FeeRate) >= 0)
            {
                return (false, cheapest.FeeRate.FeeToBeat(added.OperationCount));
            }

            if (cheapest.Source == added.Source)
            {
                return (false, 0);
            }

            evicted.Add(cheapest);
            needed -= cheapest.OperationCount;
        }

        return (true, 0);
    }

    public bool HasRoomFor(TransactionFrame added, long maximumOperations) =>
        _operations + added.OperationCount <= maximumOperations;

    public void NoteEvicted(TransactionFrame frame) => _evicted = frame.FeeRate;

    public void Add(TransactionFrame frame)
    {
        if (_cheapestFirst.Add(frame))
        {
            _operations += frame.OperationCount;
        }
    }

    public void Remove(TransactionFrame frame)
    {
        if (_cheapestFirst.Remove(frame))
        {
            _operations -= frame.OperationCount;
        }
    }

    public void ForgetEvictions() => _evicted = null;

    private sealed class CheapestFirst : IComparer<TransactionFrame>
    {
        public static readonly CheapestFirst Instance = new();

        // The network breaks ties at random; the hash is as good.
        public int Compare(TransactionFrame? x, TransactionFrame? y)
        {
            var order = x!.FeeRate.CompareTo(y!.FeeRate);
            return order != 0 ? order : x.FullHash.CompareTo(y.FullHash);
        }
    }
}
