using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>Which endpoint is whose for now, in the functions of infra/postgres/migrations/0055_webhooks.sql.</summary>
internal sealed class LeaseStore(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, IOptions<WebhookOptions> options)
{
    private const int MostNews = 1000;

    // Beyond the longest try: nobody else has an endpoint while what it was sent is under way. What it was sent then, should this process
    // be gone, it is sent again that much later.
    private static readonly TimeSpan BeyondTry = TimeSpan.FromSeconds(20);

    /// <summary>For how long an endpoint is somebody's; written anew with each result.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + BeyondTry;

    /// <summary>Merchants who have something new since a place of the feed, and the place up to which that says it.</summary>
    public async Task<(IReadOnlyCollection<string> Merchants, EventCursor To, bool More)> ReadNewsAsync(
        EventCursor after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT merchant, xid, id FROM webhook_news($1, $2, $3, $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(NpgsqlDbType.Xid8, after.TransactionId);
        command.Parameters.AddWithValue(after.Id);
        command.Parameters.AddWithValue(MostNews);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var merchants = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            merchants.Add(reader.GetString(0));
            after = new EventCursor(reader.GetFieldValue<ulong>(1), reader.GetInt64(2));
        }

        return (merchants, after, merchants.Count == MostNews);
    }

    /// <summary>Takes endpoints that may have something to do.</summary>
    /// <param name="merchants">Whose merchants have something new; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="suspects">How many of them may be such as failed last, or were slow.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<EndpointLease>> TakeAsync(
        IReadOnlyCollection<string>? merchants, int limit, int suspects, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        await using var command = database.CreateCommand(
            """
            SELECT endpoint, merchant, number, ahead, is_open, is_suspect, url, enabled_events, api_version, secret, old_secret,
                   revision, replays, is_proven
            FROM webhook_take($1, $2, $3, $4, $5, $6, $7, $8)
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(token);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, merchants is null ? DBNull.Value : merchants.ToArray());
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(suspects);
        command.Parameters.AddWithValue(options.Value.EndpointsAtOncePerMerchant);
        command.Parameters.AddWithValue(options.Value.EndpointsAtOncePerOwner);
        command.Parameters.AddWithValue(Lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new List<EndpointLease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(new EndpointLease(
                token, reader.GetString(0), MerchantId.Parse(reader.GetString(1)), new Uri(reader.GetString(6)),
                reader.GetFieldValue<string[]>(7), reader.GetString(8), reader.GetInt64(11))
            {
                Number = reader.GetInt64(2),
                Ahead = reader.GetFieldValue<long[]>(3),
                IsProbe = reader.GetBoolean(4),
                IsSuspect = reader.GetBoolean(5),
                IsProven = reader.GetBoolean(13),
                Replays = reader.GetBoolean(12),
                SealedSecrets = SecretsOf(reader),
            });
        }

        return taken;
    }

    /// <summary>Gives an endpoint back, to whoever is next.</summary>
    /// <param name="lease">What was taken.</param>
    /// <param name="notBefore">Not before this time is over, where there is something to do.</param>
    /// <param name="cancellationToken">Cancels it; then it is back when its time is over.</param>
    public async Task ReleaseAsync(EndpointLease lease, TimeSpan notBefore, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_release($1, $2, $3, $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(lease.Token);
        command.Parameters.AddWithValue(notBefore);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends the deliveries to an endpoint, of which its merchant is told.</summary>
    public async Task CloseAsync(EndpointLease lease, string reason, string eventId, bool isLive, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_close($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(reason);
        command.Parameters.AddWithValue(eventId);
        command.Parameters.AddWithValue(isLive);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<byte[]> SecretsOf(NpgsqlDataReader reader)
    {
        var secrets = new List<byte[]> { reader.GetFieldValue<byte[]>(9) };
        if (!reader.IsDBNull(10))
        {
            secrets.Add(reader.GetFieldValue<byte[]>(10));
        }

        return secrets;
    }
}
