namespace StellarPay.Sandbox.History;

/// <summary>Where a record stands in history: its total order id, and its number within it (effects and trades).</summary>
internal readonly record struct Position(long Id, long Order = 0) : IComparable<Position>
{
    public static readonly Position Start = new(0);
    public static readonly Position End = new(long.MaxValue, long.MaxValue);

    public int CompareTo(Position other)
    {
        var byId = Id.CompareTo(other.Id);
        return byId != 0 ? byId : Order.CompareTo(other.Order);
    }
}

/// <summary>A cursor with its direction, and the part of history that the request is about.</summary>
internal readonly record struct PageSlice(Position Cursor, bool Descending, Position From, Position To)
{
    public static PageSlice All(Position cursor, bool descending) =>
        new(cursor, descending, Position.Start, Position.End);
}
