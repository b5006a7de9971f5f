using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>An invitation whose name was confirmed in time, of which its sender's wallet is to be told.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="Wallet">The sender's wallet.</param>
/// <param name="User">Whose the name is.</param>
/// <param name="Kind">Which kind of name.</param>
/// <param name="SealedName">The name, as he gave it, encrypted for him.</param>
internal sealed record ConfirmedInvitation(InvitationId Id, WalletId Wallet, UserId User, ContactKind Kind, byte[] SealedName);

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
            "SELECT id, wallet, user_id, name_kind, name FROM identity.invitations_take($1, $2, $3)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(limit);
        var confirmed = new List<ConfirmedInvitation>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            confirmed.Add(new ConfirmedInvitation(
                InvitationId.Parse(reader.GetString(0)), WalletId.Parse(reader.GetString(1)), UserId.Parse(reader.GetString(2)),
                Contact.Kinds.Single(kind => Contact.NameOf(kind) == reader.GetString(3)), reader.GetFieldValue<byte[]>(4)));
        }

        return confirmed;
    }
}
