using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>What a user's wallet depends on.</summary>
/// <param name="HasAny">Whether he has confirmed an e-mail address or a phone number.</param>
/// <param name="IsInvited">Whether somebody invited him by a name that he has confirmed since.</param>
/// <param name="SealedEmail">His confirmed e-mail address, encrypted; else null.</param>
internal sealed record ConfirmedOwner(bool HasAny, bool IsInvited, byte[]? SealedEmail);

/// <summary>Who has confirmed an e-mail address or a phone number.</summary>
internal sealed class ConfirmedContacts(NpgsqlDataSource database)
{
    /// <summary>What a user has confirmed; null for one who is gone.</summary>
    public async Task<ConfirmedOwner?> FindAsync(UserId user)
    {
        await using var command = database.CreateCommand(
            """
            SELECT email_confirmed OR phone_number_confirmed, invited, CASE WHEN email_confirmed THEN email END
            FROM identity.users WHERE id = $1
            """);
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new ConfirmedOwner(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetValue(2) as byte[])
            : null;
    }
}
