using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Counts attempts at passwords at logins, in the functions of infra/postgres/migrations/0015_users.sql: by name and network, so that
/// strangers lock the networks that they come from and nobody else's, and by name and device where the user has logged in with it. What
/// is done is the same for a name that nobody has.
/// </summary>
internal sealed class LoginAttempts(
    ContactIndex index,
    DeviceMarks devices,
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    IOptions<IdentityOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>What an IPv6 /40 may, in networks (/48).</summary>
    public const int NetworksOfBlock = 4;

    /// <summary>What all networks together may.</summary>
    public const int NetworksOfAll = 20;

    // Whose devices those are that are asked for where nobody has the name: the work is the same.
    private const string Nobody = "";

    /// <summary>Takes an attempt before the password is looked at; if there is none left, until when.</summary>
    public async Task<DateTimeOffset?> TakeAsync(
        Contact name, string? userId, LoginPlace place, CancellationToken cancellationToken)
    {
        var keys = await KeysOfAsync(name, place, cancellationToken);
        var most = options.Value.Lockout.MaxFailedAccessAttempts;
        await using var take = database.CreateCommand("SELECT identity.login_attempt_take($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        take.Parameters.AddWithValue(postgres.Value.ServiceId);
        take.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        take.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = userId });
        take.Parameters.AddWithValue(devices.Of(userId ?? Nobody, place.Client));
        take.Parameters.AddWithValue(keys);
        take.Parameters.AddWithValue(keys.Length == 2
            ? [most, most * NetworksOfAll]
            : new[] { most, most * NetworksOfBlock, most * NetworksOfAll });
        take.Parameters.AddWithValue(time.GetUtcNow());
        take.Parameters.AddWithValue(options.Value.Lockout.DefaultLockoutTimeSpan);
        take.Parameters.AddWithValue(DeviceMarks.Known);
        return await take.ExecuteScalarAsync(cancellationToken) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }

    /// <summary>The password was right.</summary>
    public async Task RightAsync(Contact name, string userId, LoginPlace place, CancellationToken cancellationToken)
    {
        await using var right = database.CreateCommand("SELECT identity.login_attempt_right($1, $2, $3, $4, $5)");
        right.Parameters.AddWithValue(userId);
        right.Parameters.AddWithValue(devices.Of(userId, place.Client));
        right.Parameters.AddWithValue(await KeysOfAsync(name, place, cancellationToken));
        right.Parameters.AddWithValue(time.GetUtcNow());
        right.Parameters.AddWithValue(options.Value.Lockout.DefaultLockoutTimeSpan);
        await right.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A password was set by a code: whoever did that logs in from there, whatever strangers have locked.</summary>
    public async Task ResetAtAsync(UserId user, SessionClient client, CancellationToken cancellationToken)
    {
        await using var reset = database.CreateCommand("SELECT identity.login_reset_at($1, $2, $3)");
        reset.Parameters.AddWithValue(user.Value);
        reset.Parameters.AddWithValue(devices.Of(user.Value, client));
        reset.Parameters.AddWithValue(time.GetUtcNow());
        await reset.ExecuteNonQueryAsync(cancellationToken);
    }

    // The narrowest first. By the name as it is found, so that it is one however it is written.
    private async ValueTask<string[]> KeysOfAsync(Contact name, LoginPlace place, CancellationToken cancellationToken)
    {
        var named = await index.OfAsync(name, cancellationToken);
        string KeyOf(string range) => "login " + Convert.ToHexStringLower(devices.OfRange(named, range));
        var (network, all) = (KeyOf($"network {place.Address.WideRange}"), KeyOf("all"));
        return place.Address.Block is { } block ? [network, KeyOf($"block {block}"), all] : [network, all];
    }
}
