using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Ledger;

/// <summary>The ledger inbox in PostgreSQL: <c>ledger_deliver</c> and its siblings do the work.</summary>
internal sealed class PostgresLedgerInbox(NpgsqlDataSource database, IOptions<PostgresOptions> options, TimeProvider time)
    : ILedgerInbox
{
    /// <summary>The SQLSTATE with which <c>pay_to_register</c> refuses a number that names another.</summary>
    private const string NumberTaken = "SP006";

    /// <summary>The SQLSTATE with which <c>payment_link_piece_follow</c> refuses a session whose piece is somebody else's by now.</summary>
    private const string PieceGone = "SP007";

    private readonly string _serviceId = options.Value.ServiceId;
    private readonly InboxReads _reads = new(database, options.Value.ServiceId, time);

    public async Task<LedgerWatermark?> GetWatermarkAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT ledger, hash, closed_at, anchors FROM ledger_watermark WHERE service_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = _serviceId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LedgerWatermark(
                reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2),
                JsonSerializer.Deserialize<Dictionary<long, string>>(reader.GetString(3))!)
            : null;
    }

    public async Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(LedgerDelivery delivery, CancellationToken cancellationToken)
    {
        await EnsurePartitionsAsync(delivery, cancellationToken);
        await using var command = database.CreateCommand(
            """
            SELECT owner_kind, owner_key FROM ledger_deliver(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                $25, $26, $27, $28, $29, $30)
            """);
        DeliveryParameters.Bind(command.Parameters, _serviceId, delivery);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<LedgerOwner>? owners = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            owners ??= [];
            if (!await reader.IsDBNullAsync(0, cancellationToken))
            {
                owners.Add(new LedgerOwner(reader.GetString(0), reader.GetString(1)));
            }
        }

        return owners;
    }

    public Task<InboxPage> ReadAsync(LedgerOwner owner, int limit, CancellationToken cancellationToken) =>
        _reads.ReadAsync(owner, limit).WaitAsync(cancellationToken);

    public async Task<IReadOnlyList<OwnerRow>> ReadRowsAsync(
        LedgerOwner owner, LedgerPlace drained, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT sender_kind, sender_key, sender_version, number, token, place_number, content, movement_closed
            FROM owner_rows_read($1, $2, $3, $4, $5, $6)
            """);
        Add(command.Parameters, _serviceId, owner.Kind, owner.Key, drained.Token, drained.Number, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<OwnerRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(ReadRow(reader, first: 0));
        }

        return rows;
    }

    public async Task<OutcomeView> FindOutcomeAsync(
        string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT ledger, closed_at, token, content, in_doubt FROM ledger_outcome($1, $2, $3)");
        Add(command.Parameters, _serviceId, source, hashes.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return new OutcomeView(null, null, InDoubt: false);
        }

        var outcome = await reader.IsDBNullAsync(3, cancellationToken)
            ? null
            : LedgerEntryJson.Read(new LedgerPlace(reader.GetInt64(2), 0), "outcome", reader.GetFieldValue<byte[]>(3)).Outcome;
        return new OutcomeView(
            new LedgerClose(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)), outcome, reader.GetBoolean(4));
    }

    public async Task<IReadOnlyList<LedgerEntry>> ReadParkedAsync(
        LedgerOwner owner, long token, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT p.token, p.number, m.kind, m.content, ledger_witness(m.readers)
            FROM ledger_parked p
            JOIN ledger_movements m ON m.service_id = p.service_id AND m.token = p.token AND m.number = p.number
            WHERE p.service_id = $1 AND p.owner_kind = $2 AND p.owner_key = $3 AND p.token = $4 AND p.status = 'parked'
            ORDER BY p.number
            """);
        Add(command.Parameters, _serviceId, owner.Kind, owner.Key, token);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<LedgerEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(ReadWitnessed(reader, first: 0));
        }

        return entries;
    }

    public async Task<IReadOnlyDictionary<string, LedgerOwner>> FindOwnersAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, LedgerOwner>(StringComparer.Ordinal);
        if (addresses.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(
            "SELECT address, owner_kind, owner_key FROM ledger_addresses WHERE service_id = $1 AND address = ANY ($2)");
        Add(command.Parameters, _serviceId, addresses.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = new LedgerOwner(reader.GetString(1), reader.GetString(2));
        }

        return found;
    }

    public async Task<WaitingOwners> FindWaitingAsync(
        WaitingQuery query, LedgerOwner? after, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            SELECT owner_kind, owner_key, waits, is_last FROM ledger_inbox_waiting($1, $2, $3, $4, $5, $6, $7, $8)
            UNION ALL
            SELECT owner_kind, owner_key, waits, is_last FROM owner_rows_waiting($1, $2, $3, $4, $5, $6, $7, $8)
            """);
        Add(
            command.Parameters, _serviceId, query.Partition, query.Partitions, now - query.Waited, now, after?.Kind ?? "",
            after?.Key ?? "", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new HashSet<LedgerOwner>();
        LedgerOwner? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var owner = new LedgerOwner(reader.GetString(0), reader.GetString(1));
            if (reader.GetBoolean(2))
            {
                owners.Add(owner);
            }

            // Both walks have come as far as the one that came less far.
            last = reader.GetBoolean(3) && (last is null || IsBefore(owner, last)) ? owner : last;
        }

        return new WaitingOwners([.. owners], last);
    }

    public bool IsNumberTaken(Exception writeFailure)
    {
        for (var cause = writeFailure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: NumberTaken or PieceGone })
            {
                return true;
            }
        }

        return false;
    }

    public async Task<int> HoldAsync(LedgerOwner owner, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT ledger_hold($1, $2, $3, $4, $5)");
        Add(command.Parameters, _serviceId, owner.Kind, owner.Key, time.GetUtcNow(), error);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads token, number, kind and content from a column on.</summary>
    internal static LedgerEntry Read(NpgsqlDataReader reader, int first) => LedgerEntryJson.Read(
        new LedgerPlace(reader.GetInt64(first), reader.GetInt32(first + 1)), reader.GetString(first + 2),
        reader.GetFieldValue<byte[]>(first + 3));

    /// <summary>Reads token, number, kind, content and witness from a column on.</summary>
    internal static LedgerEntry ReadWitnessed(NpgsqlDataReader reader, int first) =>
        Read(reader, first) with { Witness = reader.IsDBNull(first + 4) ? null : reader.GetString(first + 4) };

    /// <summary>
    /// Reads the sender's kind, key and version, number, token, number of the place, content and whether the movement is closed from a
    /// column on.
    /// </summary>
    internal static OwnerRow ReadRow(NpgsqlDataReader reader, int first)
    {
        LedgerPlace? about = reader.IsDBNull(first + 4) ? null : new LedgerPlace(reader.GetInt64(first + 4), reader.GetInt32(first + 5));
        using var content = JsonDocument.Parse(reader.GetString(first + 6));
        return new OwnerRow(
            new LedgerOwner(reader.GetString(first), reader.GetString(first + 1)), reader.GetInt32(first + 2), reader.GetInt32(first + 3),
            about, content.RootElement.Clone(), reader.GetBoolean(first + 7));
    }

    internal static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    private static bool IsBefore(LedgerOwner one, LedgerOwner other) =>
        (string.CompareOrdinal(one.Kind, other.Kind), string.CompareOrdinal(one.Key, other.Key)) is (< 0, _) or (0, < 0);

    // On a connection of its own, before: making a partition takes locks that a delivery must not hold.
    private async Task EnsurePartitionsAsync(LedgerDelivery delivery, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT ledger_partitions_ensure($1, $2)");
        var first = delivery.From?.Ledger ?? delivery.Entries.FirstOrDefault()?.Place.Ledger() ?? delivery.To.Sequence;
        Add(command.Parameters, first, delivery.To.Sequence);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
