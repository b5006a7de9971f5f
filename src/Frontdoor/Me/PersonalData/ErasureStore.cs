using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>What came of asking for an erasure.</summary>
internal enum ErasureBegin
{
    /// <summary>He is going to be erased.</summary>
    Begun,

    /// <summary>There is no such user, or he may be more than a user.</summary>
    Kept,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,

    /// <summary>A merchant would be without an owner.</summary>
    LastOwner,
}

/// <summary>Erasures, in the functions of infra/postgres/migrations/0043_erasure.sql. None is cancelled once it is begun.</summary>
internal sealed class ErasureStore(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>Decides that a user is erased, in a session that is open at that moment.</summary>
    public async Task<ErasureBegin> BeginAsync(UserId user, string session, DateTimeOffset now)
    {
        await using var command = database.CreateCommand("SELECT identity.erasure_begin($1, $2, $3)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(now);
        return (string?)await command.ExecuteScalarAsync(CancellationToken.None) switch
        {
            "begun" => ErasureBegin.Begun,
            "session_ended" => ErasureBegin.SessionEnded,
            "owner" => ErasureBegin.LastOwner,
            _ => ErasureBegin.Kept,
        };
    }

    /// <summary>He stays, unless he has asked again since.</summary>
    public Task WithdrawAsync(UserId user, DateTimeOffset since) => DoAsync("SELECT identity.erasure_withdraw($1, $2)", user.Value, since);

    /// <summary>He could not be erased now.</summary>
    public Task PutOffAsync(UserId user, DateTimeOffset since) =>
        DoAsync("SELECT identity.erasure_put_off($1, $2, $3)", user.Value, since, time.GetUtcNow());

    /// <summary>Those stay who have been made administrators since; who they are.</summary>
    public async Task<IReadOnlyList<string>> WithdrawOfAdministratorsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.erasures_withdraw_of_administrators()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var withdrawn = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            withdrawn.Add(reader.GetString(0));
        }

        return withdrawn;
    }

    /// <summary>Removes him, of whom it is decided. False where he stays.</summary>
    public async Task<bool> EraseAsync(UserId user)
    {
        await using var command = database.CreateCommand("SELECT identity.user_erase($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(AuditChains.OfSubject(postgres.Value.ServiceId, user.Value));
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await command.ExecuteScalarAsync(CancellationToken.None) is "erased";
    }

    /// <summary>Those of whom it was decided before a time and who are here still, the oldest first.</summary>
    public async Task<IReadOnlyList<(UserId User, DateTimeOffset Since)>> FindLeftAsync(
        DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id, erasing_since FROM identity.users WHERE erasing_since < $1 ORDER BY erasing_since LIMIT $2");
        command.Parameters.AddWithValue(before);
        command.Parameters.AddWithValue(most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var left = new List<(UserId, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            left.Add((UserId.Parse(reader.GetString(0)), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return left;
    }

    private async Task DoAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
