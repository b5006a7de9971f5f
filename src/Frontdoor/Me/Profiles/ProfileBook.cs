using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>What users say of themselves, in infra/postgres/migrations/0035_profiles.sql.</summary>
internal sealed class ProfileBook(NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>A user's profile; an empty one where he has none.</summary>
    public async Task<Profile> FindAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT language, time_zone, email_money, sms_money FROM identity.profiles WHERE user_id = $1");
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Profile(
                reader.IsDBNull(0) ? null : reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetBoolean(2),
                reader.IsDBNull(3) ? null : reader.GetBoolean(3))
            : Profile.Empty;
    }

    /// <summary>Changes what is named, and nothing else.</summary>
    public async Task ChangeAsync(UserId user, ProfileChange change, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.profile_change($1, $2, $3)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, change.Json);
        command.Parameters.AddWithValue(time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
