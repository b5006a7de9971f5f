using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Invitations;

/// <summary>An invitation whose name was confirmed in time, of which its sender's wallet is to be told.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="Wallet">The sender's wallet.</param>
/// <param name="User">Whose the name is.</param>
/// <param name="Name">The name, as he gave it.</param>
internal sealed record ConfirmedInvitation(InvitationId Id, string Wallet, UserId User, string Name)
{
    /// <summary>The name is a secret to whoever only logs.</summary>
    public override string ToString() => Id.Value;
}

/// <summary>
/// The invitations of which wallets are still to be told: rows that the confirmation itself marks, and that the wallet's own write removes
/// once it knows (infra/postgres/migrations/0045_invitations.sql).
/// </summary>
internal sealed class InvitationNews(NpgsqlDataSource database, IOptions<PostgresOptions> options, TimeProvider time)
{
    /// <summary>Takes some that are due. Each is due again after a pause, unless its wallet has taken it.</summary>
    public async Task<IReadOnlyList<ConfirmedInvitation>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id, wallet, user_id, name FROM identity.invitations_take($1, $2, $3)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(limit);
        var confirmed = new List<ConfirmedInvitation>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            confirmed.Add(new ConfirmedInvitation(
                InvitationId.Parse(reader.GetString(0)), reader.GetString(1), UserId.Parse(reader.GetString(2)), reader.GetString(3)));
        }

        return confirmed;
    }
}
