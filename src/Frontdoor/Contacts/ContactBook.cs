using System.Text;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Contacts;

/// <summary>What came of a change to a contact.</summary>
internal enum ContactOutcome
{
    Done,

    /// <summary>The user has no such contact.</summary>
    Missing,

    /// <summary>Another contact of the user's has this nickname.</summary>
    NicknameTaken,

    /// <summary>The user has as many as he may.</summary>
    TooMany,
}

/// <summary>
/// Users' contacts. Every question names the user: nobody sees another's. Whom they pay is encrypted under their own keys.
/// </summary>
internal sealed class ContactBook(
    NpgsqlDataSource database, ISubjectKeys keys, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>The most that a user may have.</summary>
    public const int MaxContacts = 500;

    private const string Columns = "SELECT id, nickname, recipient, created_at, updated_at FROM identity.contacts";
    private const string NicknameKey = "contacts_nickname_idx";

    /// <summary>All of a user's contacts, by nickname.</summary>
    public async Task<IReadOnlyList<Contact>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} WHERE user_id = $1 ORDER BY lower(nickname)");
        command.Parameters.AddWithValue(user.Value);
        return await ReadAsync(user, command, cancellationToken);
    }

    /// <summary>A contact by its id or its nickname, whose case does not matter; or null.</summary>
    public async Task<Contact?> FindAsync(UserId user, string name, CancellationToken cancellationToken)
    {
        if (name.Length > Contact.MaxNicknameLength || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        await using var command = database.CreateCommand(
            Contact.IsId(name) ? $"{Columns} WHERE user_id = $1 AND id = $2" : $"{Columns} WHERE user_id = $1 AND lower(nickname) = lower($2)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(name);
        return (await ReadAsync(user, command, cancellationToken)).SingleOrDefault();
    }

    public async Task<(ContactOutcome Outcome, Contact? Contact)> AddAsync(
        UserId user, string nickname, string recipient, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var contact = new Contact(Contact.NewId(), nickname, recipient, now, now);
        await using var command = database.CreateCommand("SELECT identity.contact_add($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(contact.Id);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(nickname);
        command.Parameters.AddWithValue(await SealAsync(user, contact.Id, recipient, cancellationToken));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(MaxContacts);
        try
        {
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!
                ? (ContactOutcome.Done, contact)
                : (ContactOutcome.TooMany, null);
        }
        catch (PostgresException e) when (IsTaken(e))
        {
            return (ContactOutcome.NicknameTaken, null);
        }
    }

    /// <summary>Changes what is given of a contact; null leaves as it is.</summary>
    public async Task<(ContactOutcome Outcome, Contact? Contact)> UpdateAsync(
        UserId user, string id, string? nickname, string? recipient, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE identity.contacts
            SET nickname = coalesce($3, nickname), recipient = coalesce($4, recipient), updated_at = $5
            WHERE user_id = $1 AND id = $2
            RETURNING id, nickname, recipient, created_at, updated_at
            """);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue((object?)nickname ?? DBNull.Value);
        command.Parameters.AddWithValue(
            NpgsqlDbType.Bytea, recipient is null ? DBNull.Value : await SealAsync(user, id, recipient, cancellationToken));
        command.Parameters.AddWithValue(time.GetUtcNow());
        try
        {
            var updated = (await ReadAsync(user, command, cancellationToken)).SingleOrDefault();
            return (updated is null ? ContactOutcome.Missing : ContactOutcome.Done, updated);
        }
        catch (PostgresException e) when (IsTaken(e))
        {
            return (ContactOutcome.NicknameTaken, null);
        }
    }

    /// <summary>False if there was none.</summary>
    public async Task<bool> RemoveAsync(UserId user, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM identity.contacts WHERE user_id = $1 AND id = $2");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static bool IsTaken(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName == NicknameKey;

    private async Task<List<Contact>> ReadAsync(UserId user, NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var contacts = new List<Contact>();
        var recipients = new List<SealedField>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                recipients.Add(new SealedField(RecipientOf(user, reader.GetString(0)), reader.GetFieldValue<byte[]>(2)));
                contacts.Add(new Contact(
                    reader.GetString(0), reader.GetString(1), Recipient: "",
                    reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4)));
            }
        }

        // Of somebody who is erased at this moment nothing is left.
        return await keys.OpenAsync(recipients, cancellationToken) is { } opened
            ? [.. contacts.Zip(opened, (contact, recipient) => contact with { Recipient = Encoding.UTF8.GetString(recipient) })]
            : [];
    }

    private Task<byte[]> SealAsync(UserId user, string id, string recipient, CancellationToken cancellationToken) =>
        keys.SealAsync(RecipientOf(user, id), Encoding.UTF8.GetBytes(recipient), cancellationToken);

    private static SubjectField RecipientOf(UserId user, string id) => new(user.Value, "identity.contacts", "recipient", id, IsPersonal: true);
}
