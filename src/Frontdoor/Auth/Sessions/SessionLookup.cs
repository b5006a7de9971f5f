using Npgsql;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>A session that is, as the database has it and its user now.</summary>
/// <param name="Role">What its user may be.</param>
/// <param name="Confirmed">Whether he has confirmed a contact.</param>
/// <param name="Facts">What was shown in it.</param>
internal sealed record FoundSession(string Role, bool Confirmed, SessionFacts Facts);

/// <summary>Looks sessions up in the database itself, by one look-up by primary key.</summary>
internal sealed class SessionLookup(NpgsqlDataSource database)
{
    /// <summary>A user's session; null where it is none, or was ended.</summary>
    public async Task<FoundSession?> FindAsync(string session, UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT role, confirmed, has_factor, factor_at, has_totp, has_passkey FROM identity.session_user($1, $2)");
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new FoundSession(reader.GetString(0), reader.GetBoolean(1), new SessionFacts(
                reader.GetBoolean(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                SecondFactor.MethodsOf(reader.GetBoolean(4), reader.GetBoolean(5))))
            : null;
    }
}
