using System.Text.Json;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>Reads events from what a query of them gives.</summary>
public static class FeedEventReader
{
    /// <summary>The columns that such a query has, in this order.</summary>
    public const string Columns = "xid, id, event_id, type, subject, owner, occurred_at, data";

    /// <summary>All rows that are left.</summary>
    /// <param name="reader">Before the first of them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<IReadOnlyList<FeedEvent>> ReadAllAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var events = new List<FeedEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new FeedEvent(
                new EventCursor(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetFieldValue<JsonElement>(7)));
        }

        return events;
    }
}
