using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Payments;

namespace StellarPay.Adapters.Postgres.Idempotency;

/// <summary>Reads the idempotency keys that <c>grain_state_write</c> stores with each state.</summary>
internal sealed class PostgresIdempotencyIndex(NpgsqlDataSource database, IOptions<PostgresOptions> options)
    : IIdempotencyIndex
{
    /// <summary>The SQLSTATE with which <c>idempotency_remember</c> refuses a key that is there.</summary>
    public const string TakenState = "SP001";

    private const string Columns = "key_hash, fingerprint, subject, expires_at";

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<IdempotencyKeyEntry>> ReadAsync(
        string grainKey, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM idempotency_keys
            WHERE service_id = @service_id AND grain_key = @grain_key AND expires_at > @now
            LIMIT @limit
            """);
        command.Parameters.AddWithValue("limit", limit);
        return await ReadAsync(command, grainKey, now, cancellationToken);
    }

    public async Task<IdempotencyKeyEntry?> FindAsync(
        string grainKey, string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM idempotency_keys
            WHERE service_id = @service_id AND grain_key = @grain_key AND key_hash = @key_hash AND expires_at > @now
            """);
        command.Parameters.AddWithValue("key_hash", hash);
        return (await ReadAsync(command, grainKey, now, cancellationToken)).SingleOrDefault();
    }

    public bool IsTaken(Exception writeFailure)
    {
        for (var cause = writeFailure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: TakenState })
            {
                return true;
            }
        }

        return false;
    }

    private async Task<List<IdempotencyKeyEntry>> ReadAsync(
        NpgsqlCommand command, string grainKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("grain_key", grainKey);
        command.Parameters.AddWithValue("now", now.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<IdempotencyKeyEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var until = reader.GetFieldValue<DateTimeOffset>(3);
            entries.Add(new IdempotencyKeyEntry(reader.GetString(0), reader.GetString(1), reader.GetString(2), until));
        }

        return entries;
    }
}
