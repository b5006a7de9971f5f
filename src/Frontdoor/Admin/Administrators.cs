using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Admin;

/// <summary>Gives and takes the role. Only whoever reaches the database may; there is no endpoint for it.</summary>
internal sealed class Administrators(
    NpgsqlDataSource database, ContactIndex index, ContactSeal seal, IAuditLog audit, IOptions<PostgresOptions> options)
{
    private const int MostListed = 1000;

    /// <summary>Gives a user a role, or takes it.</summary>
    /// <param name="operatorName">Who says so, for the audit log.</param>
    /// <param name="user">The user's e-mail address or phone number, which he has confirmed.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    public async Task<RoleChange> SetRoleAsync(string operatorName, string user, string role, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is not { } id)
        {
            return RoleChange.NoSuchUser;
        }

        await using var command = database.CreateCommand("SELECT identity.role_set($1, $2, $3, $4)");
        command.Parameters.AddWithValue(AuditChains.OfSubject(options.Value.ServiceId, id));
        command.Parameters.AddWithValue($"operator:{operatorName}");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(role);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "set" => RoleChange.Set,
            "same" => RoleChange.Same,
            "erasing" => RoleChange.BeingErased,
            _ => RoleChange.NoSuchUser,
        };
    }

    /// <summary>
    /// Ends all second factors of somebody who cannot show them any more, or whom somebody else's keep out, and all of his sessions.
    /// Whoever does it has made sure otherwise that it is he who asks.
    /// </summary>
    /// <param name="operatorName">Who says so, for the audit log.</param>
    /// <param name="user">The user's e-mail address or phone number, which he has confirmed.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    /// <returns>False if there is no such user.</returns>
    public async Task<bool> RemoveFactorsAsync(string operatorName, string user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is not { } id)
        {
            return false;
        }

        await audit.AppendAsync(new AuditEntry($"operator:{operatorName}", "user.factors_removed", id), cancellationToken);
        await using var command = database.CreateCommand("SELECT identity.second_factors_remove($1, $2, $3, $4)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(TimeProvider.System).Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(TimeProvider.System.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    /// <summary>The administrators' ids with how they log in, the longest known first.</summary>
    public async Task<IReadOnlyList<(string Id, string Name)>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = new List<(string Id, byte[]? Email, byte[]? Phone)>();
        await using (var command = database.CreateCommand(
            "SELECT id, email, phone_number FROM identity.users WHERE role = 'admin' ORDER BY created_at LIMIT $1"))
        {
            command.Parameters.AddWithValue(MostListed);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((reader.GetString(0), reader.GetValue(1) as byte[], reader.GetValue(2) as byte[]));
            }
        }

        var found = new List<(string, string)>();
        foreach (var (id, email, phone) in rows)
        {
            found.Add((id, (await seal.OpenAsync(UserId.Parse(id), email, phone, cancellationToken)).Label));
        }

        return found;
    }

    private async Task<string?> FindAsync(string user, CancellationToken cancellationToken)
    {
        var contact = EmailAddress.TryParse(user, out var email) ? new Contact(ContactKind.Email, email)
            : PhoneNumber.TryParse(user, out var phone) ? new Contact(ContactKind.Phone, phone)
            : null;
        if (contact is null)
        {
            return null;
        }

        // The index has the kind in it: no address's is a number's.
        await using var command = database.CreateCommand(
            """
            SELECT id FROM identity.users
            WHERE (email_index = $1 AND email_confirmed) OR (phone_index = $1 AND phone_number_confirmed)
            """);
        command.Parameters.AddWithValue(await index.OfAsync(contact, cancellationToken));
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
