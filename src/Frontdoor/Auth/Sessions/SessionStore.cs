using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>How an exchange of a refresh token ended.</summary>
internal enum RefreshOutcome
{
    Rotated,
    Unknown,
    Expired,
    Reused,
    Revoked,
}

/// <summary>A session and the refresh token that continues it.</summary>
internal sealed record OpenSession(string Id, UserId User, string RefreshToken, DateTimeOffset ExpiresAt);

/// <summary>Sessions and their refresh tokens, in the functions of infra/postgres/migrations/0016_sessions.sql.</summary>
internal sealed class SessionStore(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>A user's sessions at once; one more ends the oldest.</summary>
    public const int MaxSessions = 50;

    private const int IdBytes = 16;

    public async Task<OpenSession> OpenAsync(UserId user, CancellationToken cancellationToken)
    {
        var id = "ses_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var (token, hash) = RefreshToken.New();
        var now = time.GetUtcNow();
        var expiresAt = now + options.Value.RefreshTokenLifetime;
        await using var command = database.CreateCommand("SELECT identity.session_open($1, $2, $3, $4, $5, $6, $7, $8)");
        AddEvent(command);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(expiresAt);
        command.Parameters.AddWithValue(MaxSessions);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new OpenSession(id, user, token, expiresAt);
    }

    /// <summary>Exchanges a token for the next of its family; the session is there when it was rotated.</summary>
    public async Task<(RefreshOutcome Outcome, OpenSession? Session)> RotateAsync(
        byte[] tokenHash, CancellationToken cancellationToken)
    {
        var (next, nextHash) = RefreshToken.New();
        var now = time.GetUtcNow();
        var expiresAt = now + options.Value.RefreshTokenLifetime;
        await using var command = database.CreateCommand(
            "SELECT outcome, session_id, user_id FROM identity.refresh_token_rotate($1, $2, $3, $4, $5, $6)");
        AddEvent(command);
        command.Parameters.AddWithValue(tokenHash);
        command.Parameters.AddWithValue(nextHash);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(expiresAt);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = Enum.Parse<RefreshOutcome>(reader.GetString(0), ignoreCase: true);
        return outcome == RefreshOutcome.Rotated
            ? (outcome, new OpenSession(reader.GetString(1), UserId.Parse(reader.GetString(2)), next, expiresAt))
            : (outcome, null);
    }

    /// <summary>Ends the session of a refresh token, used or not. A token that nobody knows is passed over.</summary>
    public Task RevokeByTokenAsync(byte[] tokenHash, CancellationToken cancellationToken) =>
        RevokeAsync(
            """
            SELECT identity.session_revoke($1, $2, t.session_id, $4, 'logout')
            FROM identity.refresh_tokens t WHERE t.token_hash = $3
            """,
            tokenHash,
            cancellationToken);

    /// <summary>Ends a session.</summary>
    public Task RevokeAsync(string sessionId, CancellationToken cancellationToken) =>
        RevokeAsync("SELECT identity.session_revoke($1, $2, $3, $4, 'logout')", sessionId, cancellationToken);

    private async Task RevokeAsync(string sql, object key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        AddEvent(command);
        command.Parameters.AddWithValue(key);
        command.Parameters.AddWithValue(time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // What the change tells its user is an event of his, written with it.
    private void AddEvent(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
    }
}
