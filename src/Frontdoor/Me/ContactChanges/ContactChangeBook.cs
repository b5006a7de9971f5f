using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Me.ContactChanges;

/// <summary>What came of asking for a change.</summary>
internal enum ChangeAskOutcome
{
    Sent,
    Limited,

    /// <summary>It is the user's already.</summary>
    Same,

    /// <summary>He has changed too often of late.</summary>
    TooMany,

    /// <summary>The session was ended since the request was looked at.</summary>
    SessionEnded,
}

/// <summary>What came of entering the code.</summary>
internal enum ChangeOutcome
{
    Changed,
    Wrong,
    Taken,
    TooMany,

    /// <summary>The user has changed since he was read: read him and try again.</summary>
    Again,

    /// <summary>The session was ended since the request was looked at.</summary>
    SessionEnded,
}

/// <summary>
/// Exchanges contacts, in the functions of infra/postgres/migrations/0037_contact_changes.sql and 0039_factors_and_money.sql.
/// </summary>
internal sealed class ContactChangeBook(
    OneTimeCodes codes,
    ContactIndex index,
    ContactSeal names,
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    MessageSeal seal,
    MessageBell bell,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    TimeProvider system)
{
    /// <summary>Changes of one kind that can be undone at once.</summary>
    public const int MostOpen = 3;

    /// <summary>For how long a change can be undone, and the old name is kept for its user.</summary>
    public static readonly TimeSpan UndoneFor = TimeSpan.FromHours(72);

    /// <summary>
    /// Of second factors an undo ends those that were set up since so long before the first change: whoever takes an account over sets
    /// up his own at about that time.
    /// </summary>
    public static readonly TimeSpan FactorsBefore = TimeSpan.FromHours(24);

    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(1);

    /// <summary>Sends a code to the new name, and that it was asked for to those that the user has.</summary>
    /// <param name="user">The user.</param>
    /// <param name="wanted">The new name.</param>
    /// <param name="notices">What those are told.</param>
    /// <param name="share">What was taken for the code of the day's budget.</param>
    /// <param name="session">The session that asks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>And until when the code holds, or from when on another may be asked for.</returns>
    public async Task<(ChangeAskOutcome Outcome, DateTimeOffset At)> AskAsync(
        UserId user, Contact wanted, IReadOnlyList<Message> notices, MessageShare share, string session,
        CancellationToken cancellationToken)
    {
        var use = UseOf(user, wanted.Kind);
        var offer = codes.New(CodePurpose.Change, wanted, use, (id, code) => CodeMessages.Code(id, wanted, code), share);
        await using var command = database.CreateCommand(
            $"""
            SELECT outcome, at FROM identity.contact_change_send(
                $1, $2, $3, $4, {OneTimeCodes.At(5)}, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
            """);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(wanted.KindName);
        command.Parameters.AddWithValue(await names.SealAsync(user, wanted, cancellationToken));
        command.Parameters.AddWithValue(await index.OfAsync(wanted, cancellationToken));
        OneTimeCodes.Add(command, offer);
        command.Parameters.AddWithValue(seal.Seal(CodeMessages.WantedByAnother(offer.MessageId, wanted)));
        command.Parameters.AddWithValue(codes.AccountKeyOf(CodePurpose.Change, use));
        command.Parameters.AddWithValue(OneTimeCodes.MostForAccount);
        command.Parameters.AddWithValue(OneTimeCodes.Window);
        command.Parameters.AddWithValue(MostOpen);
        AddMessages(command, notices);
        command.Parameters.AddWithValue(offer.DueAt + NoticeLifetime);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(session);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = reader.GetString(0) switch
        {
            "sent" => ChangeAskOutcome.Sent,
            "limited" => ChangeAskOutcome.Limited,
            "same" => ChangeAskOutcome.Same,
            "session_ended" => ChangeAskOutcome.SessionEnded,
            _ => ChangeAskOutcome.TooMany,
        };
        Ring(notices.Select(notice => notice.Channel).Append(wanted.Channel));
        return (outcome, reader.IsDBNull(1) ? default : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>Takes the code: the new name is the user's from then on.</summary>
    /// <param name="user">The user as he is, to whom the messages fit.</param>
    /// <param name="kind">Which name.</param>
    /// <param name="code">The code.</param>
    /// <param name="undo">What undoes the change.</param>
    /// <param name="until">Until when.</param>
    /// <param name="messages">What those who have the old names are told, with the code that undoes.</param>
    /// <param name="session">The session that has the code.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ChangeOutcome> ConfirmAsync(
        User user, ContactKind kind, OneTimeCode code, LongCode undo, DateTimeOffset until, IReadOnlyList<Message> messages,
        string session, CancellationToken cancellationToken)
    {
        var (sentAt, use) = (system.GetUtcNow(), UseOf(user.UserId, kind));
        await using var command = database.CreateCommand(
            "SELECT identity.contact_change_confirm($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Id);
        command.Parameters.AddWithValue(Contact.NameOf(kind));
        command.Parameters.AddWithValue(codes.HandleOf(CodePurpose.Change, use));
        command.Parameters.AddWithValue(codes.HashOf(CodePurpose.Change, use, code));
        command.Parameters.AddWithValue((object?)user.ConcurrencyStamp ?? DBNull.Value);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(MostOpen);
        command.Parameters.AddWithValue(until);
        command.Parameters.AddWithValue(codes.UndoHashOf(undo));
        AddMessages(command, messages);
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + UndoneFor);
        command.Parameters.AddWithValue(session);
        var outcome = (string)(await command.ExecuteScalarAsync(cancellationToken))! switch
        {
            "changed" => ChangeOutcome.Changed,
            "taken" => ChangeOutcome.Taken,
            "too_many" => ChangeOutcome.TooMany,
            "again" => ChangeOutcome.Again,
            "session_ended" => ChangeOutcome.SessionEnded,
            _ => ChangeOutcome.Wrong,
        };
        Ring(messages.Select(message => message.Channel));
        return outcome;
    }

    /// <summary>Undoes what can be undone of a user's changes. False if the code is wrong.</summary>
    /// <param name="code">The code.</param>
    /// <param name="passwordHash">Of a password that nobody knows.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<bool> UndoAsync(LongCode code, string passwordHash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.contact_change_undo($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(codes.UndoHashOf(code));
        command.Parameters.AddWithValue(passwordHash);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(FactorsBefore);
        return await command.ExecuteScalarAsync(cancellationToken) is string;
    }

    private void AddMessages(NpgsqlCommand command, IReadOnlyList<Message> messages)
    {
        command.Parameters.AddWithValue(messages.Select(message => message.Id).ToArray());
        command.Parameters.AddWithValue(messages.Select(message => MessageOutbox.NameOf(message.Channel)).ToArray());
        command.Parameters.AddWithValue(messages.Select(seal.Seal).ToArray());
    }

    private void Ring(IEnumerable<MessageChannel> channels)
    {
        foreach (var channel in channels)
        {
            bell.Ring(channel);
        }
    }

    private static string UseOf(UserId user, ContactKind kind) => $"{user.Value}\0{Contact.NameOf(kind)}";
}
