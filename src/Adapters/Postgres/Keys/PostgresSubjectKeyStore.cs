using Npgsql;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Adapters.Postgres.Keys;

/// <summary>Keeps subjects' keys in the table of infra/postgres/migrations/0033_subject_keys.sql.</summary>
internal sealed class PostgresSubjectKeyStore(NpgsqlDataSource database) : ISubjectKeyStore
{
    public async Task<StoredSubjectKey?> FindAsync(string subject, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT k.key_id, k.wrapped_key, u.id IS NOT NULL FROM subject_keys k
            LEFT JOIN identity.users u ON u.id = k.subject AND NOT u.email_confirmed AND NOT u.phone_number_confirmed
            WHERE k.subject = $1
            """);
        command.Parameters.AddWithValue(subject);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StoredSubjectKey(Read(reader), reader.GetBoolean(2)) : null;
    }

    public async Task<StoredSubjectKey> AddAsync(string subject, WrappedKey key, CancellationToken cancellationToken)
    {
        await using (var command = database.CreateCommand(
            """
            INSERT INTO subject_keys (subject, key_id, wrapped_key) VALUES ($1, $2, $3)
            ON CONFLICT (subject) DO NOTHING
            """))
        {
            command.Parameters.AddWithValue(subject);
            command.Parameters.AddWithValue(key.KeyId);
            command.Parameters.AddWithValue(key.Bytes);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return await FindAsync(subject, cancellationToken)
            ?? throw new InvalidOperationException("A subject's key is gone that had just been stored.");
    }

    public async Task<bool> ReplaceAsync(
        string subject, WrappedKey before, WrappedKey after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE subject_keys SET key_id = $3, wrapped_key = $4 WHERE subject = $1 AND wrapped_key = $2");
        command.Parameters.AddWithValue(subject);
        command.Parameters.AddWithValue(before.Bytes);
        command.Parameters.AddWithValue(after.KeyId);
        command.Parameters.AddWithValue(after.Bytes);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task EraseAsync(string subject, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT subject_key_erase($1)");
        command.Parameters.AddWithValue(subject);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<(string Subject, WrappedKey Key)>> ReadOthersAsync(
        string keyId, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT key_id, wrapped_key, subject FROM subject_keys
            WHERE (key_id < $1 OR key_id > $1) AND subject > $2
            ORDER BY subject LIMIT $3
            """);
        command.Parameters.AddWithValue(keyId);
        command.Parameters.AddWithValue(after ?? "");
        command.Parameters.AddWithValue(limit);
        var page = new List<(string, WrappedKey)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add((reader.GetString(2), Read(reader)!));
        }

        return page;
    }

    private static WrappedKey? Read(NpgsqlDataReader reader) =>
        reader.IsDBNull(1) ? null : new WrappedKey(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
}
