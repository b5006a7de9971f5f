using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>A user's authenticator as it is stored.</summary>
/// <param name="Secret">Its secret, sealed.</param>
/// <param name="IsConfirmed">Whether a code of it has been shown; before that it is no factor.</param>
internal sealed record StoredTotp(byte[] Secret, bool IsConfirmed);

/// <summary>What a user has of factors.</summary>
/// <param name="Totp">Whether he has an authenticator.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes he has not used.</param>
/// <param name="Passkeys">How many passkeys he has.</param>
internal sealed record FactorSummary(bool Totp, int RecoveryCodesLeft, int Passkeys);

/// <summary>What came of a change of somebody's factors.</summary>
internal enum FactorOutcome
{
    Done,

    /// <summary>
    /// There is nothing to confirm, to remove or to replace, or what is to be begun is there; or what was shown is none, or was used.
    /// </summary>
    None,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,
}

/// <summary>Second factors in the functions of infra/postgres/migrations/0034_second_factors.sql.</summary>
internal sealed class FactorStore(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>Locks in a row by which a session ends.</summary>
    public const int MostLocksOfSession = 4;

    /// <summary>Wrong codes of all sessions lock when they are so many times what one may have.</summary>
    public const int SessionsOfThieves = 10;

    /// <summary>For how long a secret that was given waits for its first code.</summary>
    public static readonly TimeSpan BegunFor = TimeSpan.FromMinutes(15);

    public async Task<FactorSummary> SummarizeAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT
                EXISTS (SELECT FROM identity.second_factors f WHERE f.user_id = $1 AND f.totp_confirmed_at IS NOT NULL),
                (SELECT count(*) FROM identity.recovery_codes c WHERE c.user_id = $1 AND c.used_at IS NULL),
                (SELECT count(*) FROM identity.passkeys k WHERE k.user_id = $1)
            """);
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new FactorSummary(reader.GetBoolean(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2));
    }

    public async Task<StoredTotp?> FindTotpAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT totp_secret, totp_confirmed_at IS NOT NULL FROM identity.second_factors
            WHERE user_id = $1 AND totp_secret IS NOT NULL
            """);
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredTotp(reader.GetFieldValue<byte[]>(0), reader.GetBoolean(1))
            : null;
    }

    /// <summary>Takes an attempt at a code, of whatever kind; if there is none left, until when.</summary>
    /// <param name="user">Whose code.</param>
    /// <param name="session">In which session it is shown; null at a login.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<DateTimeOffset?> TakeAttemptAsync(UserId user, string? session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT identity.second_factor_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue((object?)session ?? DBNull.Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(options.Value.MaxFailedAttempts);
        command.Parameters.AddWithValue(options.Value.MaxFailedAttempts * SessionsOfThieves);
        command.Parameters.AddWithValue(MostLocksOfSession);
        command.Parameters.AddWithValue(TimeSpan.FromMinutes(options.Value.LockoutMinutes));
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }

    /// <summary>Puts a secret by until a code of it is shown; none where the user has an authenticator already.</summary>
    public async Task<FactorOutcome> BeginTotpAsync(
        UserId user, string session, byte[] sealedSecret, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.totp_begin($1, $2, $3, $4)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(sealedSecret);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>From now on the authenticator is asked for; in this session it has been shown.</summary>
    public async Task<FactorOutcome> ConfirmTotpAsync(
        UserId user, string session, byte[] sealedSecret, long step, byte[][] recoveryHashes, FactorUndo undo,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            $"SELECT identity.totp_confirm($1, $2, $3, $4, $5, $6, $7, $8, $9, {FactorUndo.At(10)})");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(sealedSecret);
        command.Parameters.AddWithValue(step);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now - BegunFor);
        command.Parameters.AddWithValue(recoveryHashes);
        undo.AddTo(command);
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Takes a code; where it is shown in a session, that has shown one in the same transaction.</summary>
    public async Task<FactorOutcome> UseTotpAsync(
        UserId user, string? session, byte[] sealedSecret, long step, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.totp_use($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue((object?)session ?? DBNull.Value);
        command.Parameters.AddWithValue(sealedSecret);
        command.Parameters.AddWithValue(step);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Takes a recovery code, as <see cref="UseTotpAsync"/>.</summary>
    public async Task<FactorOutcome> UseRecoveryCodeAsync(
        UserId user, string? session, byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.recovery_code_use($1, $2, $3, $4, $5, $6)");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue((object?)session ?? DBNull.Value);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    public async Task<FactorOutcome> RemoveTotpAsync(UserId user, string session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.totp_remove($1, $2, $3, $4, $5)");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    public async Task<FactorOutcome> ReplaceRecoveryCodesAsync(
        UserId user, string session, byte[][] hashes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.recovery_codes_replace($1, $2, $3, $4, $5, $6)");
        AddEvent(command);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(hashes);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return OutcomeOf(await command.ExecuteScalarAsync(cancellationToken));
    }

    internal static FactorOutcome OutcomeOf(object? answer) => (string?)answer switch
    {
        "done" => FactorOutcome.Done,
        "session_ended" => FactorOutcome.SessionEnded,
        _ => FactorOutcome.None,
    };

    // What is told to the user is written with the change.
    private void AddEvent(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
    }
}
