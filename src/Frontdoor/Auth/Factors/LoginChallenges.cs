using Npgsql;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>The password was right, and a second factor is still to be shown.</summary>
/// <param name="Object">Always <c>login_challenge</c>.</param>
/// <param name="Challenge">To be sent to /v1/auth/challenge by the same client, with a code.</param>
/// <param name="Methods">What can be shown: <c>totp</c>, <c>recovery_code</c>; or <c>passkey</c>, at /v1/auth/passkey.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record LoginChallengeJson(string Object, string Challenge, string[] Methods, DateTimeOffset ExpiresAt);

/// <summary>
/// Logins that wait for a second factor. Each is good once, for five minutes and five tries, and for the client that gave the password:
/// one that calls itself the same in the same network, as it is with refresh tokens.
/// </summary>
internal sealed class LoginChallenges(NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public const int MostTries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string Prefix = "lc_";

    public async Task<LoginChallengeJson> OpenAsync(User user, SessionClient client, CancellationToken cancellationToken)
    {
        var token = RefreshToken.New();
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            SELECT
                EXISTS (SELECT FROM identity.second_factors f WHERE f.user_id = $2 AND f.totp_confirmed_at IS NOT NULL),
                EXISTS (SELECT FROM identity.passkeys k WHERE k.user_id = $2)
            FROM identity.login_challenge_open($1, $2, $3, $4, $5, $6, $7)
            """);
        command.Parameters.AddWithValue(token.Hash);
        command.Parameters.AddWithValue(user.Id);
        command.Parameters.AddWithValue((object?)user.SecurityStamp ?? DBNull.Value);
        command.Parameters.AddWithValue(client.MarkOn(token));
        command.Parameters.AddWithValue(MostTries);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + Lifetime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LoginChallengeJson(
            "login_challenge", TextOf(token), SecondFactor.MethodsOf(reader.GetBoolean(0), reader.GetBoolean(1)), now + Lifetime);
    }

    /// <summary>Whose it is, for one more try; null where there is none, or none for this client.</summary>
    public async Task<UserId?> TryAsync(string? text, SessionClient client, CancellationToken cancellationToken)
    {
        if (!TryParse(text, out var token))
        {
            return null;
        }

        await using var command = database.CreateCommand("SELECT identity.login_challenge_try($1, $2, $3)");
        command.Parameters.AddWithValue(token.Hash);
        command.Parameters.AddWithValue(client.MarkOn(token));
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is string user ? UserId.Parse(user) : null;
    }

    /// <summary>Ends a challenge, once. Whether it was there, and the stamp that its user had when his password was looked at.</summary>
    public async Task<(bool Closed, string? Stamp)> CloseAsync(string? text, CancellationToken cancellationToken)
    {
        if (!TryParse(text, out var token))
        {
            return (false, null);
        }

        await using var command = database.CreateCommand(
            "DELETE FROM identity.login_challenges WHERE token_hash = $1 AND expires_at > $2 RETURNING stamp");
        command.Parameters.AddWithValue(token.Hash);
        command.Parameters.AddWithValue(time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (true, reader.IsDBNull(0) ? null : reader.GetString(0)) : (false, null);
    }

    // Random bits as a refresh token's, under a name of their own: one is never taken for the other.
    private static string TextOf(RefreshToken token) => Prefix + token.Text[RefreshToken.Prefix.Length..];

    private static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RefreshToken? token)
    {
        token = null;
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && RefreshToken.TryParse(RefreshToken.Prefix + text[Prefix.Length..], out token);
    }
}
