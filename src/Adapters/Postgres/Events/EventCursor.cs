using System.Globalization;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>A place in the feed: the transaction that wrote an event, and the event's number.</summary>
public readonly record struct EventCursor(ulong TransactionId, long Id)
{
    /// <summary>Before the first event.</summary>
    public static EventCursor Start => default;

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse(string? text, out EventCursor cursor)
    {
        cursor = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 1
            || !ulong.TryParse(
                text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var transactionId)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        cursor = new EventCursor(transactionId, id);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TransactionId}-{Id}");
}
