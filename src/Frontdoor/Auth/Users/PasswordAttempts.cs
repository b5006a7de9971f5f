using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Counts attempts at people's passwords in their sessions, in the functions of infra/postgres/migrations/0016_sessions.sql. They are that
/// session's: whoever has stolen it locks it, and ends it, and keeps no login out. Those at logins are <see cref="LoginAttempts"/>.
/// </summary>
internal sealed class PasswordAttempts(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<IdentityOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>Takes an attempt before the password is looked at; if there is none left, until when.</summary>
    /// <param name="userId">Whose password.</param>
    /// <param name="session">In which session it is given.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<DateTimeOffset?> TakeAsync(string userId, string session, CancellationToken cancellationToken)
    {
        var lockout = options.Value.Lockout;
        await using var take = database.CreateCommand("SELECT identity.session_password_attempt($1, $2, $3, $7, $4, $5, $8, $9, $6)");
        take.Parameters.AddWithValue(postgres.Value.ServiceId);
        take.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        take.Parameters.AddWithValue(userId);
        take.Parameters.AddWithValue(time.GetUtcNow());
        take.Parameters.AddWithValue(lockout.MaxFailedAccessAttempts);
        take.Parameters.AddWithValue(lockout.DefaultLockoutTimeSpan);
        take.Parameters.AddWithValue(session);
        take.Parameters.AddWithValue(lockout.MaxFailedAccessAttempts * FactorStore.SessionsOfThieves);
        take.Parameters.AddWithValue(FactorStore.MostLocksOfSession);
        return await take.ExecuteScalarAsync(cancellationToken) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }

    /// <summary>It was right.</summary>
    public async Task ForgetAsync(string userId, string session, CancellationToken cancellationToken)
    {
        await using var forget = database.CreateCommand("SELECT identity.attempts_forget('password', $1, $2)");
        forget.Parameters.AddWithValue(userId);
        forget.Parameters.AddWithValue(session);
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether the session in which it was given still is: to look at a password takes a while.</summary>
    public async Task<bool> IsOpenAsync(UserId user, string session, CancellationToken cancellationToken)
    {
        await using var look = database.CreateCommand("SELECT identity.session_hold($1, $2)");
        look.Parameters.AddWithValue(session);
        look.Parameters.AddWithValue(user.Value);
        return await look.ExecuteScalarAsync(cancellationToken) is true;
    }
}
