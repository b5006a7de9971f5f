using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
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

    /// <summary>Remembers what a browser is to be asked, and asks it.</summary>
    /// <param name="use">For what.</param>
    /// <param name="user">Whose answer it must be; null where it tells.</param>
    /// <param name="session">In which session it is asked for; null for a login.</param>
    /// <param name="asked">The challenge, and the rest of what the browser is asked.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Ok<PasskeyOptionsJson>> AskAsync(
        PasskeyUse use, UserId? user, string? session, (byte[] Challenge, JsonElement Options) asked, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Lifetime;
        await using var command = database.CreateCommand("SELECT identity.passkey_challenge_open($1, $2, $3, $4, $5, $6)");
        AddWhose(command, asked.Challenge, use, user, session);
        command.Parameters.AddWithValue(until - Lifetime);
        command.Parameters.AddWithValue(until);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Ok(new PasskeyOptionsJson("passkey_options", asked.Options, until));
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
