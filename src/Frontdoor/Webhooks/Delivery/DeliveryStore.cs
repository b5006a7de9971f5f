using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>What an endpoint is to be sent, and the bytes of it; infra/postgres/migrations/0055_webhooks.sql.</summary>
internal sealed partial class DeliveryStore(
    NpgsqlDataSource database, SessionEventDetails details, IOptions<PostgresOptions> postgres, ILogger<DeliveryStore> logger)
{
    // How many events a replay looks at, at once, for some that are wanted.
    private const int MostScanned = 1000;

    /// <summary>The events after a number, as far as the endpoint wants them.</summary>
    public async Task<EventPage> ReadPageAsync(EndpointLease lease, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT number, public_id, type, dialect, object, seq, occurred_at, recorded_on, is_wanted, pending, data
            FROM webhook_page($1, $2, $3, $4, $5)
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Merchant.Value);
        command.Parameters.AddWithValue(lease.EnabledEvents);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (wanted, last, count) = (new List<PagedEvent>(), after, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            (last, count) = (reader.GetInt64(0), count + 1);
            // One whose words are gone with their partition is nobody's any more.
            if (reader.GetBoolean(8) && !reader.IsDBNull(10))
            {
                var happened = EventOf(reader, reader.GetInt64(9), reader.GetFieldValue<JsonElement>(10));
                wanted.Add(new PagedEvent(happened, reader.GetFieldValue<DateOnly>(7), Attempts: 0));
            }
        }

        return new EventPage(wanted, last, count < limit);
    }

    /// <summary>What is due to be sent again, but for some: with its bytes, or as it is to be written.</summary>
    public async Task<(IReadOnlyList<OutgoingEvent> Kept, IReadOnlyList<PagedEvent> ToWrite)> ReadDueAsync(
        EndpointLease lease, long[] except, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT number, public_id, type, dialect, object, seq, occurred_at, recorded_on, attempt, kept_on, pending, body, data
            FROM webhook_due($1, $2, $3, $4, $5, $6)
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(lease.Merchant.Value);
        command.Parameters.AddWithValue(lease.ApiVersion);
        command.Parameters.AddWithValue(except);
        command.Parameters.AddWithValue(limit);
        var (kept, written, lost) = (new List<OutgoingEvent>(), new List<PagedEvent>(), new List<long>());
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (!reader.IsDBNull(11))
                {
                    kept.Add(new OutgoingEvent(
                        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(4), reader.GetInt32(8) + 1,
                        reader.GetFieldValue<DateOnly>(9), reader.GetFieldValue<byte[]>(11)));
                }
                else if (!reader.IsDBNull(12))
                {
                    var happened = EventOf(reader, reader.GetInt64(10), reader.GetFieldValue<JsonElement>(12));
                    written.Add(new PagedEvent(happened, reader.GetFieldValue<DateOnly>(7), reader.GetInt32(8)));
                }
                else
                {
                    lost.Add(reader.GetInt64(0));
                }
            }
        }

        if (lost.Count > 0)
        {
            await ForgetAsync(lease, [.. lost], cancellationToken);
        }

        return (kept, written);
    }

    /// <summary>
    /// Keeps the bytes of events before they are sent first; where some were kept before, those are sent. One that cannot be written comes
    /// with what is wrong with it, and keeps no other back.
    /// </summary>
    public async Task<IReadOnlyList<OutgoingEvent>> KeepAsync(
        EndpointLease lease, IReadOnlyList<PagedEvent> events, bool areFirst, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return [];
        }

        var written = (await WriteAsync(lease, events, cancellationToken)).ToArray();
        var kept = await KeepAsync(lease, [.. written.Where(one => one.Problem is null)], cancellationToken);
        return
        [
            .. written.Select(one => new OutgoingEvent(
                one.Event.Event.Number, one.Event.Event.Id, one.Event.Event.Type, one.Event.Event.Object, one.Event.Attempts + 1,
                kept.GetValueOrDefault(one.Event.Event.Number).On, kept.GetValueOrDefault(one.Event.Event.Number).Body ?? one.Body)
            {
                IsFirst = areFirst,
                Problem = one.Problem,
            }),
        ];
    }

    private async Task<IEnumerable<(PagedEvent Event, byte[] Body, string? Problem)>> WriteAsync(
        EndpointLease lease, IReadOnlyList<PagedEvent> events, CancellationToken cancellationToken)
    {
        var shown = await details.OpenEachAsync(lease.Merchant, [.. events.Select(one => one.Event)], cancellationToken);
        return events.Zip(shown, (one, opened) =>
        {
            try
            {
                return opened.Problem is null
                    ? (one, EventRenderer.BodyOf(opened.Event, lease.ApiVersion), (string?)null)
                    : PassOver(lease, one, opened.Problem);
            }
            catch (Exception unwritable)
            {
                // It is made of the event and the version alone: whatever is wrong, it is wrong with this one, and each time.
                return PassOver(lease, one, unwritable);
            }
        });
    }

    private (PagedEvent Event, byte[] Body, string? Problem) PassOver(EndpointLease lease, PagedEvent one, Exception unwritable)
    {
        LogPassedOver(logger, unwritable, one.Event.Id, one.Event.Type, lease.Merchant.Value, lease.Endpoint);
        return (one, [], "The event cannot be written. This is our fault; StellarPay has been told.");
    }

    private async Task<Dictionary<long, (DateOnly On, byte[]? Body)>> KeepAsync(
        EndpointLease lease, IReadOnlyList<(PagedEvent Event, byte[] Body, string? Problem)> written, CancellationToken cancellationToken)
    {
        var kept = new Dictionary<long, (DateOnly On, byte[]? Body)>();
        if (written.Count == 0)
        {
            return kept;
        }

        await using var command = database.CreateCommand("SELECT number, kept_on, body FROM webhook_bodies_keep($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Merchant.Value);
        command.Parameters.AddWithValue(lease.ApiVersion);
        command.Parameters.AddWithValue(written.Select(one => one.Event.Event.Number).ToArray());
        command.Parameters.AddWithValue(written.Select(one => one.Body).ToArray());
        command.Parameters.AddWithValue(written.Min(one => one.Event.RecordedOn));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            kept[reader.GetInt64(0)] = (reader.GetFieldValue<DateOnly>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2));
        }

        return kept;
    }

    /// <summary>Makes the next events of a replay due; false where there are none left.</summary>
    public async Task<bool> FillReplayAsync(EndpointLease lease, int room, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_replay_fill($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(lease.Token);
        command.Parameters.AddWithValue(lease.EnabledEvents);
        command.Parameters.AddWithValue(room);
        command.Parameters.AddWithValue(MostScanned);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    // What they said is gone with their partition: it is due for ever, and can never be sent.
    private async Task ForgetAsync(EndpointLease lease, long[] numbers, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "DELETE FROM webhook_retries WHERE service_id = $1 AND endpoint = $2 AND number = ANY ($3)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(numbers);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static MerchantEvent EventOf(NpgsqlDataReader reader, long pending, JsonElement data) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5),
        reader.GetFieldValue<DateTimeOffset>(6), data, pending);

    [LoggerMessage(EventId = 5720, Level = LogLevel.Critical, Message = "Event {Event} ({Type}) of {Merchant} cannot be written and is passed over by endpoint {Endpoint}; once it can be, its merchant can have it sent again.")]
    private static partial void LogPassedOver(
        ILogger logger, Exception exception, string @event, string type, string merchant, string endpoint);
}
