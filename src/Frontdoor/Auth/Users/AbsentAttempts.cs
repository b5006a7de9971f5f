using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Counts attempts at names that nobody has, and locks them, as those at accounts are: the lock, and the time that counting
/// takes, must not tell who has an account. The names are not kept.
/// </summary>
internal sealed class AbsentAttempts(
    byte[] secret, NpgsqlDataSource database, ILookupNormalizer normalizer, IOptions<IdentityOptions> options, TimeProvider time)
{
    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay names of absent users"u8);

    /// <summary>Made with the secret that the signing keys are encrypted with, on business time.</summary>
    public static AbsentAttempts Of(IServiceProvider provider, byte[] secret) => new(
        secret,
        provider.GetRequiredService<NpgsqlDataSource>(),
        provider.GetRequiredService<ILookupNormalizer>(),
        provider.GetRequiredService<IOptions<IdentityOptions>>(),
        provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key));

    /// <summary>Takes an attempt; if there is none left, until when.</summary>
    public async Task<DateTimeOffset?> TakeAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        var name = credentials.Email is { } email ? normalizer.NormalizeEmail(email) : credentials.Phone!;
        var lockout = options.Value.Lockout;
        await using var take = database.CreateCommand("SELECT identity.login_attempt_take_absent($1, $2, $3, $4)");
        take.Parameters.AddWithValue(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)));
        take.Parameters.AddWithValue(time.GetUtcNow());
        take.Parameters.AddWithValue(lockout.MaxFailedAccessAttempts);
        take.Parameters.AddWithValue(lockout.DefaultLockoutTimeSpan);
        return await take.ExecuteScalarAsync(cancellationToken) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }
}
