using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
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

    /// <summary>It changes whom a name of the user's stands for, and he has not proven himself.</summary>
    ProofNeeded,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,
}

/// <summary>Who asks for a change of a contact.</summary>
/// <param name="User">The user.</param>
/// <param name="Session">His session.</param>
/// <param name="Proven">Whether he has proven himself beyond it.</param>
internal readonly record struct ContactAsker(UserId User, string Session, bool Proven);

/// <summary>
/// Users' contacts. Every question names the user: nobody sees another's. Whom they pay is encrypted under their own keys.
/// </summary>
internal sealed class ContactBook(
    NpgsqlDataSource database, ISubjectKeys keys, IOptions<PostgresOptions> postgres,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>The most that a user may have.</summary>
    public const int MaxContacts = 500;

    /// <summary>For so long a nickname that a contact had is given to another one by nobody but the user himself.</summary>
    public static readonly TimeSpan NicknameKeptFor = TimeSpan.FromDays(30);

    // Names that are forgotten in one transaction.
    private const int Piece = 5_000;

    private const string Columns = "SELECT id, nickname, recipient, created_at, updated_at FROM identity.contacts";
    private const string NicknameKey = "contacts_nickname_idx";

    /// <summary>All of a user's contacts, by nickname.</summary>
    public async Task<IReadOnlyList<Contact>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} WHERE user_id = $1 ORDER BY lower(nickname)");
        command.Parameters.AddWithValue(user.Value);
        return await ReadAsync(user, command, cancellationToken);
    }

    /// <summary>A contact by its id or its nickname, of which only what can be seen matters, and not the case; or null.</summary>
    public async Task<Contact?> FindAsync(UserId user, string name, CancellationToken cancellationToken)
    {
        if (name.Length > Nickname.MaxLength || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        await using var command = database.CreateCommand(
            Contact.IsId(name)
            ? $"{Columns} WHERE user_id = $1 AND id = $2"
            : $"{Columns} WHERE user_id = $1 AND identity.contact_name_form(nickname) = identity.contact_name_form($2)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(name);
        return (await ReadAsync(user, command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Adds a contact, which is told to the user.</summary>
    public async Task<(ContactOutcome Outcome, Contact? Contact)> AddAsync(
        ContactAsker asker, string nickname, string recipient, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var contact = new Contact(Contact.NewId(), nickname, recipient, now, now);
        await using var command = database.CreateCommand("SELECT identity.contact_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        AddChange(command, asker, contact.Id, nickname, await SealAsync(asker.User, contact.Id, recipient, cancellationToken), now);
        command.Parameters.AddWithValue(MaxContacts);
        var outcome = await ChangeAsync(command, cancellationToken);
        return (outcome, outcome == ContactOutcome.Done ? contact : null);
    }

    /// <summary>Changes what is given of a contact; null leaves as it is.</summary>
    public async Task<ContactOutcome> UpdateAsync(
        ContactAsker asker, string id, string? nickname, string? recipient, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT identity.contact_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        AddChange(
            command, asker, id, nickname, recipient is null ? null : await SealAsync(asker.User, id, recipient, cancellationToken), now);
        command.Parameters.AddWithValue(now + NicknameKeptFor);
        return await ChangeAsync(command, cancellationToken);
    }

    /// <summary>Removes a contact, which is told to the user.</summary>
    public async Task<ContactOutcome> RemoveAsync(UserId user, string session, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT identity.contact_remove($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + NicknameKeptFor);
        return await ChangeAsync(command, cancellationToken);
    }

    /// <summary>Forgets, in pieces, what contacts of somebody were called who is about to be removed himself.</summary>
    public async Task ForgetNamesAsync(string user, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            await using var command = database.CreateCommand("SELECT identity.contact_names_remove($1, $2)");
            command.Parameters.AddWithValue(user);
            command.Parameters.AddWithValue(Piece);
            removed = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        while (removed == Piece);
    }

    // What is told to the user is written with the change.
    private void AddChange(
        NpgsqlCommand command, ContactAsker asker, string id, string? nickname, byte[]? recipient, DateTimeOffset now)
    {
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(asker.User.Value);
        command.Parameters.AddWithValue(asker.Session);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)nickname ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, (object?)recipient ?? DBNull.Value);
        command.Parameters.AddWithValue(asker.Proven);
        command.Parameters.AddWithValue(now);
    }

    private static async Task<ContactOutcome> ChangeAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return (string?)await command.ExecuteScalarAsync(cancellationToken) switch
            {
                "done" => ContactOutcome.Done,
                "too_many" => ContactOutcome.TooMany,
                "proof_needed" => ContactOutcome.ProofNeeded,
                "session_ended" => ContactOutcome.SessionEnded,
                _ => ContactOutcome.Missing,
            };
        }
        catch (PostgresException e) when (IsTaken(e))
        {
            return ContactOutcome.NicknameTaken;
        }
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
