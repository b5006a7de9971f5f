using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>How a password did.</summary>
internal abstract record PasswordVerdict
{
    public sealed record Right : PasswordVerdict;

    public sealed record Wrong : PasswordVerdict;

    public sealed record LockedOut(TimeSpan For) : PasswordVerdict;
}

/// <summary>
/// Checks passwords under Identity's lockout. An attempt is taken from the database before the password is looked at:
/// a hundred guesses sent at once count as a hundred.
/// </summary>
internal sealed class PasswordCheck(
    UserManager<User> users,
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<IdentityOptions> options,
    AbsentUser absent,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public async Task<PasswordVerdict> CheckAsync(User? user, string password, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            // As slow as a real one, so that the clock does not tell who has an account.
            absent.Verify(password);
            return new PasswordVerdict.Wrong();
        }

        if (await TakeAttemptAsync(user.Id, cancellationToken) is { } until)
        {
            return new PasswordVerdict.LockedOut(until - time.GetUtcNow());
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            return new PasswordVerdict.Wrong();
        }

        await using var succeed = database.CreateCommand("SELECT identity.login_attempt_succeed($1)");
        succeed.Parameters.AddWithValue(user.Id);
        await succeed.ExecuteNonQueryAsync(cancellationToken);
        return new PasswordVerdict.Right();
    }

    private async Task<DateTimeOffset?> TakeAttemptAsync(string userId, CancellationToken cancellationToken)
    {
        var lockout = options.Value.Lockout;
        await using var take = database.CreateCommand("SELECT identity.login_attempt_take($1, $2, $3, $4, $5, $6)");
        take.Parameters.AddWithValue(postgres.Value.ServiceId);
        take.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        take.Parameters.AddWithValue(userId);
        take.Parameters.AddWithValue(time.GetUtcNow());
        take.Parameters.AddWithValue(lockout.MaxFailedAccessAttempts);
        take.Parameters.AddWithValue(lockout.DefaultLockoutTimeSpan);
        return await take.ExecuteScalarAsync(cancellationToken) is DateTime until
            ? new DateTimeOffset(until, TimeSpan.Zero)
            : null;
    }
}
