using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Messages;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Who is of merchants, in the functions of infra/postgres/migrations/0052_merchant_people.sql.</summary>
internal sealed class PeopleBook(
    NpgsqlDataSource database,
    KeyedWrites writes,
    ContactSeal names,
    ContactIndex index,
    InvitationSeal seal,
    InvitationCodes codes,
    MessageSeal messages,
    MerchantMode mode,
    IOptions<PostgresOptions> postgres,
    IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    TimeProvider system)
{
    /// <summary>How long an invitation holds.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromDays(7);

    private static readonly string[] Roles = MerchantRoles.With(MerchantPermissions.PeopleWrite);

    /// <summary>All who are of a merchant, and then all who are invited.</summary>
    public async Task<IReadOnlyList<PersonJson>> ListAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var people = new List<PersonJson>();
        foreach (var (user, role, since, email) in await PeopleAsync(merchant, cancellationToken))
        {
            people.Add(new PersonJson(
                "merchant_person", user.Value, merchant.Value, "active", role,
                await names.OpenAsync(user, ContactKind.Email, email, cancellationToken), since, ExpiresAt: null));
        }

        foreach (var (id, role, since, email, until) in await InvitedAsync(merchant, cancellationToken))
        {
            people.Add(new PersonJson(
                "merchant_person", id, merchant.Value, "invited", role, await seal.OpenAsync(merchant, id, email, cancellationToken), since,
                until));
        }

        return people;
    }

    /// <summary>Whom somebody became who was invited; null where he has not come, or is gone.</summary>
    public async Task<PersonJson?> CameByAsync(MerchantId merchant, string invitation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT p.user_id FROM merchants.people p WHERE p.merchant_id = $1 AND p.invitation = $2");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(invitation);
        return await command.ExecuteScalarAsync(cancellationToken) is string user
            ? (await ListAsync(merchant, cancellationToken)).SingleOrDefault(person => person.Id == user)
            : null;
    }

    /// <summary>Invites somebody, and has him told; the outcome, and the invitation.</summary>
    public async Task<(string Outcome, PersonJson Invited)> InviteAsync(
        KeyAsker asker, Contact contact, MerchantRole role, CancellationToken cancellationToken)
    {
        var (now, sentAt, code) = (time.GetUtcNow(), system.GetUtcNow(), LongCode.New());
        var (id, messageId) = (InvitationSeal.NewId(time), MessageOutbox.NewId(system));
        await using var command = Command("person_invite", 19, asker);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(MerchantRoles.NameOf(role));
        command.Parameters.AddWithValue(await seal.SealAsync(asker.Merchant, id, contact.Name, cancellationToken));
        command.Parameters.AddWithValue(await index.OfAsync(contact, cancellationToken));
        command.Parameters.AddWithValue(codes.HashOf(code));
        command.Parameters.AddWithValue(now + Holds);
        command.Parameters.AddWithValue(messageId);
        command.Parameters.AddWithValue(messages.Seal(InvitationCodes.Compose(messageId, contact, code)));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + Holds);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(options.Value.PeoplePerMerchant);
        return (
            await WriteAsync(command, asker, id, cancellationToken),
            new PersonJson(
                "merchant_person", id, asker.Merchant.Value, "invited", MerchantRoles.NameOf(role), contact.Name, now, now + Holds));
    }

    /// <summary>Takes up an invitation; the merchant, where it was good.</summary>
    public async Task<(string Outcome, MerchantId? Merchant)> JoinAsync(
        UserId user, string session, LongCode code, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT outcome, merchant FROM merchants.person_join($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(codes.HashOf(code));
        command.Parameters.AddWithValue(time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.IsDBNull(1) ? null : MerchantId.Parse(reader.GetString(1)));
    }

    /// <summary>Makes somebody something else; keys that he may know and that may more than he from then on are revoked.</summary>
    public async Task<string> ChangeAsync(KeyAsker asker, UserId person, MerchantRole role, CancellationToken cancellationToken)
    {
        await using var command = Command("person_change", 12, asker);
        command.Parameters.AddWithValue(person.Value);
        command.Parameters.AddWithValue(MerchantRoles.NameOf(role));
        command.Parameters.AddWithValue(MerchantRoles.PermissionsOf(role, factorShown: true).ToArray());
        command.Parameters.AddWithValue(MerchantPermissions.OfKeys.ToArray());
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await WriteAsync(command, asker with { Key = asker.Key?.ToTakeAway() }, person.Value, cancellationToken);
    }

    /// <summary>Removes somebody, with the keys that he may know, or takes an invitation back.</summary>
    public async Task<string> RemoveAsync(KeyAsker asker, string person, CancellationToken cancellationToken)
    {
        await using var command = Command("person_remove", 9, asker);
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await WriteAsync(command, asker, person, cancellationToken);
    }

    private async Task<string> WriteAsync(NpgsqlCommand command, KeyAsker asker, string subject, CancellationToken cancellationToken) =>
        (string)(await writes.ScalarAsync(command, asker.Key, subject, answer => answer is "done", cancellationToken))!;

    // With what all of these functions begin.
    private NpgsqlCommand Command(string function, int parameters, KeyAsker asker)
    {
        var places = string.Join(", ", Enumerable.Range(1, parameters).Select(place => $"${place}"));
        var command = new NpgsqlCommand($"SELECT merchants.{function}({places})");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(asker.Merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(asker.User.Value);
        command.Parameters.AddWithValue(asker.Session);
        command.Parameters.AddWithValue(Roles);
        return command;
    }

    private async Task<List<(UserId User, string Role, DateTimeOffset Since, byte[]? Email)>> PeopleAsync(
        MerchantId merchant, CancellationToken cancellationToken)
    {
        var people = new List<(UserId, string, DateTimeOffset, byte[]?)>();
        await using var command = database.CreateCommand(
            """
            SELECT p.user_id, p.role, p.since, CASE WHEN u.email_confirmed THEN u.email END
            FROM merchants.people p JOIN identity.users u ON u.id = p.user_id
            WHERE p.merchant_id = $1
            ORDER BY p.since, p.user_id
            LIMIT 1000
            """);
        command.Parameters.AddWithValue(merchant.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            people.Add((
                UserId.Parse(reader.GetString(0)), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetValue(3) as byte[]));
        }

        return people;
    }

    private async Task<List<(string Id, string Role, DateTimeOffset Since, byte[] Email, DateTimeOffset Until)>> InvitedAsync(
        MerchantId merchant, CancellationToken cancellationToken)
    {
        var invited = new List<(string, string, DateTimeOffset, byte[], DateTimeOffset)>();
        await using var command = database.CreateCommand(
            """
            SELECT i.id, i.role, i.created_at, i.email, i.expires_at
            FROM merchants.invitations i
            WHERE i.merchant_id = $1 AND i.expires_at > $2
            ORDER BY i.id
            LIMIT 1000
            """);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            invited.Add((
                reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<byte[]>(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return invited;
    }
}
