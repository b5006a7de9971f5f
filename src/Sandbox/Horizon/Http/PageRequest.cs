using System.Globalization;
using StellarPay.Sandbox.History;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>What a client asks of a list: from where, in which direction, how much.</summary>
internal readonly record struct PageRequest(string Cursor, bool Descending, int Limit)
{
    public const int DefaultLimit = 10;
    public const int MaxLimit = 200;

    public string Order => Descending ? "desc" : "asc";

    /// <summary>The cursor as a position in history; an empty one is the end that the direction starts from.</summary>
    public Position Position => ParsePosition(Cursor, Descending) ?? throw new InvalidOperationException("Unchecked cursor.");

    /// <summary>Null where the text is neither empty, a total order id, nor such an id with a number after a dash.</summary>
    public static Position? ParsePosition(string cursor, bool descending)
    {
        if (cursor.Length == 0)
        {
            return descending ? History.Position.End : History.Position.Start;
        }

        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? cursor : cursor[..dash];
        if (!TryParse(first, out var id))
        {
            return null;
        }

        if (dash < 0)
        {
            return new Position(id);
        }

        return TryParse(cursor[(dash + 1)..], out var order) ? new Position(id, order) : null;
    }

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
