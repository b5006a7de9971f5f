using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Counts attempts at names that nobody has, and locks them, as those at accounts are: the lock, and the time that counting
/// takes, must not tell who has an account. The names are not kept.
/// </summary>
internal sealed class AbsentAttempts(
    ContactIndex index,
    NpgsqlDataSource database,
    IOptions<IdentityOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>Takes an attempt; if there is none left, until when.</summary>
    public async Task<DateTimeOffset?> TakeAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        var lockout = options.Value.Lockout;
        await using var take = database.CreateCommand("SELECT identity.login_attempt_take_absent($1, $2, $3, $4)");
        take.Parameters.AddWithValue(await index.OfAsync(credentials.Contact, cancellationToken));
        take.Parameters.AddWithValue(time.GetUtcNow());
        take.Parameters.AddWithValue(lockout.MaxFailedAccessAttempts);
        take.Parameters.AddWithValue(lockout.DefaultLockoutTimeSpan);
        return await take.ExecuteScalarAsync(cancellationToken) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }
}
