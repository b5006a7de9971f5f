using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>What came of the wish to end a session.</summary>
internal enum EndOutcome
{
    Done,

    /// <summary>There is no such session.</summary>
    None,

    /// <summary>The session in which it was asked for was ended since the request was let in.</summary>
    CallerEnded,
}

/// <summary>A session as its user sees it.</summary>
/// <param name="Id">The session, <c>ses_…</c>.</param>
/// <param name="UserAgent">What the client called itself when it logged in; null where it did not.</param>
/// <param name="CreatedAt">When the user logged in.</param>
/// <param name="LastUsedAt">When it was last continued.</param>
/// <param name="ExpiresAt">When it ends unless it is continued.</param>
internal sealed record LiveSession(
    string Id, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

/// <summary>Lists sessions and ends them, in the functions of infra/postgres/migrations/0016_sessions.sql.</summary>
internal sealed class SessionBook(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    // Sessions that are taken away in one transaction.
    private const int Piece = 500;

    /// <summary>A user's sessions, the newest first.</summary>
    public async Task<IReadOnlyList<LiveSession>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, user_agent, created_at, last_used_at, expires_at FROM identity.sessions
            WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
            ORDER BY created_at DESC, id LIMIT $3
            """);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(SessionStore.MaxSessions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<LiveSession>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(new LiveSession(
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return sessions;
    }

    /// <summary>Ends a session of a user's, as he says in one of his. None if he has no such session; a repeat changes nothing.</summary>
    public async Task<EndOutcome> RevokeAsync(UserId user, string by, string sessionId, CancellationToken cancellationToken)
    {
        await using var command = Changing("SELECT identity.session_end($1, $2, $4, $5, $6, $3)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(by);
        command.Parameters.AddWithValue(sessionId);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "done" => EndOutcome.Done,
            "session_ended" => EndOutcome.CallerEnded,
            _ => EndOutcome.None,
        };
    }

    /// <summary>Ends all sessions of a user's but the one in which he says so. False, and none is ended, where that is over.</summary>
    public async Task<bool> RevokeOthersAsync(UserId user, string kept, CancellationToken cancellationToken)
    {
        await using var command = Changing("SELECT identity.sessions_revoke_others($1, $2, $4, $5, $3)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(kept);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>
    /// Takes away those of a user's that were ended, in pieces, before he is removed himself: readers of events wait for what that
    /// transaction writes, however many times he had logged in.
    /// </summary>
    public async Task RemoveEndedAsync(string user, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            await using var command = database.CreateCommand("SELECT identity.user_sessions_remove($1, $2)");
            command.Parameters.AddWithValue(user);
            command.Parameters.AddWithValue(Piece);
            removed = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        while (removed == Piece);
    }

    /// <summary>Ends the session of a refresh token, used or not. A token of no session is passed over.</summary>
    public async Task LogOutAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        await using var command = Changing(
            """
            SELECT identity.session_revoke($1, $2, s.id, $3, 'logout') FROM identity.sessions s
            WHERE s.family_hash = $4
            """);
        command.Parameters.AddWithValue(token.FamilyHash);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends a session by its own access token.</summary>
    public async Task LogOutAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var command = Changing("SELECT identity.session_revoke($1, $2, $4, $3, 'logout')");
        command.Parameters.AddWithValue(sessionId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // What the change tells its user is an event of his, written with it.
    private NpgsqlCommand Changing(string sql)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return command;
    }
}
