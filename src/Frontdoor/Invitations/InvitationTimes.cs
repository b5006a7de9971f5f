using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>When somebody may invite a name again that he has invited as often of late as he may.</summary>
internal sealed class InvitationTimes(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, IOptions<InvitationOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>From when on; null where he may now, or where he may not for another reason.</summary>
    public async Task<DateTimeOffset?> FindNextAsync(UserId sender, byte[] name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.invited_again_at($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(WalletId.Of(sender).Value);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(options.Value.SameName);
        command.Parameters.AddWithValue(TimeSpan.FromDays(options.Value.SameNameDays));
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
