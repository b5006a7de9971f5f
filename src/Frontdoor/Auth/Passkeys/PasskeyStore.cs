using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>A passkey by which somebody is to be known.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="CredentialId">By which it is found.</param>
/// <param name="PublicKey">By which its signatures are checked.</param>
/// <param name="SignCount">How often it has signed.</param>
/// <param name="Stamp">The stamp that its user had when it was read: it is another since his factors or his password were changed.</param>
internal sealed record StoredPasskey(UserId User, byte[] CredentialId, byte[] PublicKey, long SignCount, string? Stamp);

/// <summary>A passkey as its user sees it in his list.</summary>
internal sealed record ListedPasskey(string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>What came of a new passkey.</summary>
internal enum PasskeyOutcome
{
    Added,

    /// <summary>It is its user's first second factor, and recovery codes were stored with it.</summary>
    AddedFirst,
    TooMany,

    /// <summary>Somebody has it already.</summary>
    Taken,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,
}

/// <summary>Passkeys, in the functions of infra/postgres/migrations/0039_factors_and_money.sql. Their names are sealed.</summary>
internal sealed class PasskeyStore(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    ISubjectKeys keys,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>The most that a user may have.</summary>
    public const int Most = 10;

    private const string IdPrefix = "psk_";
    private const int IdBytes = 12;

    public async Task<IReadOnlyList<byte[]>> CredentialIdsAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT credential_id FROM identity.passkeys WHERE user_id = $1");
        command.Parameters.AddWithValue(user.Value);
        var ids = new List<byte[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetFieldValue<byte[]>(0));
        }

        return ids;
    }

    public async Task<IReadOnlyList<ListedPasskey>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var rows = new List<(string Id, byte[] Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)>();
        await using (var command = database.CreateCommand(
            "SELECT id, name, created_at, last_used_at FROM identity.passkeys WHERE user_id = $1 ORDER BY created_at, id"))
        {
            command.Parameters.AddWithValue(user.Value);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((
                    reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
            }
        }

        var listed = new List<ListedPasskey>(rows.Count);
        foreach (var row in rows)
        {
            var name = await keys.OpenAsync(NameOf(user, row.Id), row.Name, cancellationToken);
            listed.Add(new ListedPasskey(row.Id, name is null ? null : Encoding.UTF8.GetString(name), row.CreatedAt, row.LastUsedAt));
        }

        return listed;
    }

    public async Task<StoredPasskey?> FindAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT k.user_id, k.public_key, k.sign_count, u.security_stamp
            FROM identity.passkeys k JOIN identity.users u ON u.id = k.user_id
            WHERE k.credential_id = $1
            """);
        command.Parameters.AddWithValue(credentialId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredPasskey(
                UserId.Parse(reader.GetString(0)), credentialId, reader.GetFieldValue<byte[]>(1), reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    }

    /// <summary>Stores a passkey; in this session it has been shown. The recovery codes count where it is the first factor.</summary>
    public async Task<(PasskeyOutcome Outcome, ListedPasskey Passkey)> AddAsync(
        UserId user, string session, NewPasskey made, string name, byte[][] recoveryHashes, FactorUndo undo,
        CancellationToken cancellationToken)
    {
        var passkey = new ListedPasskey(
            IdPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), name, time.GetUtcNow(), LastUsedAt: null);
        await using var command = database.CreateCommand(
            $"SELECT identity.passkey_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, {FactorUndo.At(13)})");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(passkey.Id);
        command.Parameters.AddWithValue(made.CredentialId);
        command.Parameters.AddWithValue(made.PublicKey);
        command.Parameters.AddWithValue(made.SignCount);
        command.Parameters.AddWithValue(
            await keys.SealAsync(NameOf(user, passkey.Id), Encoding.UTF8.GetBytes(name), cancellationToken));
        command.Parameters.AddWithValue(passkey.CreatedAt);
        command.Parameters.AddWithValue(Most);
        command.Parameters.AddWithValue(recoveryHashes);
        undo.AddTo(command);
        return ((string)(await command.ExecuteScalarAsync(cancellationToken))! switch
        {
            "added" => PasskeyOutcome.Added,
            "added_first" => PasskeyOutcome.AddedFirst,
            "too_many" => PasskeyOutcome.TooMany,
            "session_ended" => PasskeyOutcome.SessionEnded,
            _ => PasskeyOutcome.Taken,
        }, passkey);
    }

    /// <summary>
    /// A passkey has signed: of several signatures with one count one is taken, and none with an older one. Where it is shown in a session,
    /// that has shown it in the same transaction.
    /// </summary>
    public async Task<FactorOutcome> UseAsync(
        StoredPasskey passkey, string? session, long signCount, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.passkey_use($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(passkey.User.Value);
        command.Parameters.AddWithValue((object?)session ?? DBNull.Value);
        command.Parameters.AddWithValue(passkey.CredentialId);
        command.Parameters.AddWithValue(passkey.SignCount);
        command.Parameters.AddWithValue(signCount);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return FactorStore.OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    public async Task<FactorOutcome> RemoveAsync(UserId user, string session, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.passkey_remove($1, $2, $3, $4, $5, $6)");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return FactorStore.OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    private static SubjectField NameOf(UserId user, string id) => new(user.Value, "identity.passkeys", "name", id, IsPersonal: true);

    // What is told to the user is written with the change.
    private void AddEvent(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
    }
}
