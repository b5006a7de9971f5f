using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Someone here, as far as a payer may know.</summary>
/// <param name="User">Who.</param>
/// <param name="Handle">His handle without the <c>@</c>, or null.</param>
internal sealed record KnownUser(UserId User, string? Handle);

/// <summary>
/// Finds users by how payers name them, each with his handle, in one look: every payment asks. Only names that are confirmed are
/// anybody's.
/// </summary>
internal sealed class RecipientDirectory(NpgsqlDataSource database, ContactIndex index, IOptions<PostgresOptions> options)
{
    private const string Handles = "LEFT JOIN identity.handles h ON h.user_id = u.id AND h.released_at IS NULL";

    // Who has no confirmed contact cannot be paid, by whatever name.
    private const string Confirmed = "(u.email_confirmed OR u.phone_number_confirmed)";

    private readonly string _serviceId = options.Value.ServiceId;

    /// <summary>The user who has a name, or null.</summary>
    /// <param name="name">A handle, an e-mail address or a phone number.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<KnownUser?> FindAsync(RecipientName name, CancellationToken cancellationToken) => name.Kind switch
    {
        RecipientKind.Handle => await FindAsync(
            $"""
            SELECT h.user_id, h.handle FROM identity.handles h JOIN identity.users u ON u.id = h.user_id
            WHERE h.handle = $1 AND h.released_at IS NULL AND {Confirmed}
            """,
            [name.Text[1..]],
            cancellationToken),
        RecipientKind.Email => await FindAsync(
            $"SELECT u.id, h.handle FROM identity.users u {Handles} WHERE u.email_index = $1 AND u.email_confirmed",
            [await index.OfAsync(name.Contact!, cancellationToken)],
            cancellationToken),
        RecipientKind.Phone => await FindAsync(
            $"SELECT u.id, h.handle FROM identity.users u {Handles} WHERE u.phone_index = $1 AND u.phone_number_confirmed",
            [await index.OfAsync(name.Contact!, cancellationToken)],
            cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name.Kind, "That is no name of a user."),
    };

    /// <summary>The user whose wallet an account is, or null.</summary>
    /// <param name="account">The account, <c>G…</c>.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public Task<KnownUser?> FindByAccountAsync(string account, CancellationToken cancellationToken) => FindAsync(
        $"""
        SELECT u.id, h.handle FROM ledger_addresses a
        CROSS JOIN LATERAL (SELECT 'usr_' || substr(a.owner_key, 5) AS id) u
        {Handles}
        WHERE a.service_id = $1 AND a.address = $2 AND a.owner_kind = 'wallet'
        """,
        [_serviceId, account],
        cancellationToken);

    private async Task<KnownUser?> FindAsync(string sql, object[] names, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var name in names)
        {
            command.Parameters.AddWithValue(name);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new KnownUser(UserId.Parse(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1))
            : null;
    }
}
