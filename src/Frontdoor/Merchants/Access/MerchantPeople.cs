using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>What people are for merchants, looked up for each request: they are few, and what was taken from one is gone at once.</summary>
internal sealed class MerchantPeople(NpgsqlDataSource database, MerchantMode mode)
{
    /// <summary>What somebody may for a merchant; null where he is nothing to it, or his session is no more.</summary>
    public async Task<MerchantCaller?> FindAsync(
        MerchantId merchant, UserId user, string session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT role, status, tier, factor_shown FROM merchants.person_find($1, $2, $3, $4)");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || MerchantRoles.Read(reader.GetString(0)) is not { } role)
        {
            return null;
        }

        return new MerchantCaller(
            merchant, mode.IsLive, reader.GetInt32(2), MerchantStatuses.Read(reader.GetString(1)),
            MerchantRoles.PermissionsOf(role, reader.GetBoolean(3)))
        {
            User = user,
            Role = role,
        };
    }
}
