namespace StellarPay.Sandbox.History;

/// <summary>Records in ascending order of their position, of which pages are taken in either direction.</summary>
internal sealed class Timeline<T>(Func<T, Position> positionOf)
{
    private readonly List<T> _records = [];

    public T? Last => _records.Count > 0 ? _records[^1] : default;

    public void Clear() => _records.Clear();

    public void Add(T record)
    {
        if (_records.Count > 0 && positionOf(record).CompareTo(positionOf(_records[^1])) <= 0)
        {
            throw new InvalidOperationException("A record must come after the ones before it.");
        }

        _records.Add(record);
    }

    /// <summary>
    /// Up to <paramref name="limit"/> records beyond the cursor, within the bounds (both inclusive) and accepted by the
    /// filter, the nearest first.
    /// </summary>
    public List<T> Page(PageSlice slice, int limit, Func<T, bool>? filter = null)
    {
        var page = new List<T>(Math.Min(limit, 16));
        var step = slice.Descending ? -1 : 1;
        var index = slice.Descending
            ? LowerBound(Min(slice.Cursor, Next(slice.To))) - 1
            : LowerBound(Max(Next(slice.Cursor), slice.From));
        for (; index >= 0 && index < _records.Count && page.Count < limit; index += step)
        {
            var record = _records[index];
            var position = positionOf(record);
            if (position.CompareTo(slice.From) < 0 || position.CompareTo(slice.To) > 0)
            {
                break;
            }

            if (filter is null || filter(record))
            {
                page.Add(record);
            }
        }

        return page;
    }

    public T? Find(Position position)
    {
        var index = LowerBound(position);
        return index < _records.Count && positionOf(_records[index]) == position ? _records[index] : default;
    }

    /// <summary>The index of the first record at or after the position.</summary>
    private int LowerBound(Position position)
    {
        int low = 0, high = _records.Count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (positionOf(_records[middle]).CompareTo(position) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static Position Next(Position position) =>
        position.Order < long.MaxValue ? position with { Order = position.Order + 1 } : position;

    private static Position Min(Position a, Position b) => a.CompareTo(b) <= 0 ? a : b;

    private static Position Max(Position a, Position b) => a.CompareTo(b) >= 0 ? a : b;
}
