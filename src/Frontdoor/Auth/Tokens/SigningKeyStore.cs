using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>The ring's keys in PostgreSQL, where all front doors find the same ones.</summary>
internal sealed partial class SigningKeyStore(
    NpgsqlDataSource database, SigningKeyCipher cipher, ILogger<SigningKeyStore> logger)
{
    /// <summary>The keys that open under our secret, and the ids of all.</summary>
    public async Task<(IReadOnlyList<SigningKey> Keys, string[] Ids)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id, private_key, signs_from, signs_until, accepts_until FROM identity.signing_keys ORDER BY signs_from, id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<SigningKey>();
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            ids.Add(id);
            var key = cipher.Open(
                id,
                reader.GetFieldValue<byte[]>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4));
            if (key is null)
            {
                LogClosed(logger, id);
            }
            else
            {
                keys.Add(key);
            }
        }

        return (keys, [.. ids]);
    }

    /// <summary>Adds a key unless there is one that the caller does not know; false then.</summary>
    public async Task<bool> TryAddAsync(
        SigningKey key, DateTimeOffset now, string[] known, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.signing_key_add($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(key.Id);
        command.Parameters.AddWithValue(cipher.Seal(key));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(key.SignsFrom);
        command.Parameters.AddWithValue(key.SignsUntil);
        command.Parameters.AddWithValue(key.AcceptsUntil);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, known);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(
        EventId = 5101,
        Level = LogLevel.Warning,
        Message = "The signing key {KeyId} does not open under this installation's secret; tokens that it signed are refused.")]
    private static partial void LogClosed(ILogger logger, string keyId);
}
