using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Who has confirmed an e-mail address or a phone number.</summary>
internal sealed class ConfirmedContacts(NpgsqlDataSource database)
{
    /// <summary>Whether somebody invited a user by a name that he has confirmed since.</summary>
    public async Task<bool> IsInvitedAsync(UserId user)
    {
        await using var command = database.CreateCommand("SELECT invited FROM identity.users WHERE id = $1");
        command.Parameters.AddWithValue(user.Value);
        return await command.ExecuteScalarAsync() is true;
    }

    /// <summary>Whether a user has any.
    public async Task<bool> HasAnyAsync(UserId user)
    {
        await using var command = database.CreateCommand(
            "SELECT email_confirmed OR phone_number_confirmed FROM identity.users WHERE id = $1");
        command.Parameters.AddWithValue(user.Value);
        return await command.ExecuteScalarAsync() is true;
    }
}
