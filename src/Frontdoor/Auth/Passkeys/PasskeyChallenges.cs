using System.Security.Cryptography;
using Npgsql;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>For what a challenge was given: it is good for nothing else.</summary>
internal enum PasskeyUse
{
    Register,
    StepUp,
    Login,
}

/// <summary>
/// The challenges that authenticators sign. Each is good once, for five minutes, and for the use, the user and the session that it was
/// given for. Only its SHA-256 is kept.
/// </summary>
internal sealed class PasskeyChallenges(NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Remembers one; until when it holds.</summary>
    public async Task<DateTimeOffset> OpenAsync(
        byte[] challenge, PasskeyUse use, UserId? user, string? session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT identity.passkey_challenge_open($1, $2, $3, $4, $5, $6)");
        AddWhose(command, challenge, use, user, session);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + Lifetime);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return now + Lifetime;
    }

    /// <summary>Ends one. False where there is none such: of several answers to one at once, one is looked at.</summary>
    public async Task<bool> TakeAsync(byte[] challenge, PasskeyUse use, UserId? user, string? session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.passkey_challenge_take($1, $2, $3, $4, $5)");
        AddWhose(command, challenge, use, user, session);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static void AddWhose(NpgsqlCommand command, byte[] challenge, PasskeyUse use, UserId? user, string? session)
    {
        command.Parameters.AddWithValue(SHA256.HashData(challenge));
        command.Parameters.AddWithValue(use switch { PasskeyUse.Register => "register", PasskeyUse.StepUp => "step_up", _ => "login" });
        command.Parameters.AddWithValue((object?)user?.Value ?? DBNull.Value);
        command.Parameters.AddWithValue((object?)session ?? DBNull.Value);
    }
}
