using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>Opens sessions and continues them, in the functions of infra/postgres/migrations/0016_sessions.sql.</summary>
internal sealed class SessionStore(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<AuthOptions> options,
    DeviceMarks devices,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>A user's sessions at once; one more ends the oldest.</summary>
    public const int MaxSessions = 50;

    /// <summary>A user's sessions that are ended within a day, by whatever; after that many he logs in no more for a while.</summary>
    public const int MostEndedADay = 200;

    /// <summary>For how long a lost answer to an exchange is given again, to the same client.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Opens a session; null if the user's password was replaced or a factor of his removed after he was read, or he has a second factor
    /// that he has not shown. Or when he may come again, where very many of his sessions were ended.
    /// </summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="client">From where.</param>
    /// <param name="factorShown">Whether he has shown a second factor.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="withoutTokensFor">For how long it is, where no token of it is given to anybody; null where they are.</param>
    public async Task<(OpenSession? Session, DateTimeOffset? RetryAt)> OpenAsync(
        User user, SessionClient client, bool factorShown, CancellationToken cancellationToken, TimeSpan? withoutTokensFor = null)
    {
        var id = OpenSession.NewId();
        var token = RefreshToken.New();
        var now = time.GetUtcNow();
        var expiresAt = now + (withoutTokensFor ?? options.Value.RefreshTokenLifetime);
        await using var command = database.CreateCommand(
            """
            SELECT CASE WHEN session.opened THEN identity.device_seen($1, $12, $4, $3, $13, $14, $6, $15, $16) ELSE false END,
                   session.retry_at
            FROM identity.session_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $17, $18, $19) AS session
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(user.Id);
        command.Parameters.AddWithValue(token.Hash);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(expiresAt);
        command.Parameters.AddWithValue(MaxSessions);
        command.Parameters.AddWithValue((object?)client.UserAgent ?? DBNull.Value);
        command.Parameters.AddWithValue((object?)user.SecurityStamp ?? DBNull.Value);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset?> { TypedValue = factorShown ? now : null });
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(devices.Of(user.Id, client));
        command.Parameters.AddWithValue(DeviceProgram.Read(client.UserAgent));
        command.Parameters.AddWithValue(DeviceMarks.Known);
        command.Parameters.AddWithValue(DeviceMarks.Most);
        command.Parameters.AddWithValue(token.FamilyHash);
        command.Parameters.AddWithValue(withoutTokensFor is null ? now + options.Value.AccessTokenLifetime : now);
        command.Parameters.AddWithValue(MostEndedADay);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (
            reader.GetBoolean(0) ? new OpenSession(id, user.UserId, token, now, expiresAt) : null,
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>Exchanges a token for the next of its family; the session is there when there is a next one.</summary>
    public async Task<(RefreshOutcome Outcome, OpenSession? Session)> RotateAsync(
        RefreshToken token, SessionClient client, CancellationToken cancellationToken)
    {
        var salt = RefreshToken.NewSalt();
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            SELECT outcome, session_id, user_id, salt, rotated_at, expires_at
            FROM identity.refresh_token_rotate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(token.FamilyHash);
        command.Parameters.AddWithValue(token.Hash);
        command.Parameters.AddWithValue(token.Next(salt).Hash);
        command.Parameters.AddWithValue(salt);
        command.Parameters.AddWithValue(client.MarkOn(token));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + options.Value.RefreshTokenLifetime);
        command.Parameters.AddWithValue(Again);
        command.Parameters.AddWithValue(options.Value.AccessTokenLifetime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = Enum.Parse<RefreshOutcome>(reader.GetString(0), ignoreCase: true);
        if (outcome is not (RefreshOutcome.Rotated or RefreshOutcome.Repeated))
        {
            return (outcome, null);
        }

        // With the salt and the times that the database has, so that the same comes out whoever asks first.
        var next = token.Next(reader.GetFieldValue<byte[]>(3));
        return (outcome, new OpenSession(
            reader.GetString(1), UserId.Parse(reader.GetString(2)), next,
            reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5)));
    }
}
