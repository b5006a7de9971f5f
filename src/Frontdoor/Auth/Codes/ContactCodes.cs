using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>What came of asking for a code.</summary>
/// <param name="ExpiresAt">Until when the code that was sent holds; null if none was.</param>
/// <param name="RetryAt">From when on another may be asked for, where there were too many.</param>
/// <param name="SentAt">When it is sent, where that is not at once: the day's budget is used up.</param>
internal sealed record CodeAnswer(DateTimeOffset? ExpiresAt, DateTimeOffset? RetryAt, DateTimeOffset? SentAt = null);

/// <summary>What came of entering a code.</summary>
internal enum ConfirmOutcome
{
    /// <summary>The name is the user's now, and nobody else's.</summary>
    Confirmed,

    /// <summary>It was before.</summary>
    Already,

    /// <summary>There is no such code, or not any more.</summary>
    Wrong,

    /// <summary>The code was right, and somebody else has confirmed the name before.</summary>
    Taken,
}

/// <summary>
/// Proves by one-time codes that names are their users', in the functions of infra/postgres/migrations/0031_one_time_codes.sql.
/// Nothing that is answered tells whether a name has an account.
/// </summary>
internal sealed class ContactCodes(
    OneTimeCodes codes,
    ContactIndex index,
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    MessageSeal seal,
    MessageBell bell,
    MessageBudget budget,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    TimeProvider system)
{
    /// <summary>Sends a code to a name of a user's; a code that was sent before holds no more.</summary>
    /// <param name="user">Whose name it is.</param>
    /// <param name="contact">The name.</param>
    /// <param name="asker">Whence it is asked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CodeAnswer> SendAsync(UserId user, Contact contact, ClientAddress asker, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (_, later, share) = await budget.TakeForCodeAsync(
            new MessageAsk(MessageUse.Code, contact.Channel, contact.Name, asker), cancellationToken);
        if (share is null)
        {
            return new CodeAnswer(null, now + (budget.Tomorrow - system.GetUtcNow()));
        }

        var use = UseOf(user, contact.Kind);
        var offer = codes.New(CodePurpose.Confirm, contact, use, (id, code) => CodeMessages.Code(id, contact, code), share, later);
        await using var command = database.CreateCommand(
            $"SELECT outcome, at FROM identity.contact_code_send($1, $2, $3, {OneTimeCodes.At(4)}, $19, $20, $21, $22, $23)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(contact.KindName);
        command.Parameters.AddWithValue(await index.OfAsync(contact, CancellationToken.None));
        OneTimeCodes.Add(command, offer);
        command.Parameters.AddWithValue(seal.Seal(CodeMessages.Taken(offer.MessageId, contact)));
        command.Parameters.AddWithValue(codes.AccountKeyOf(CodePurpose.Confirm, use));
        command.Parameters.AddWithValue(OneTimeCodes.MostForAccount);
        command.Parameters.AddWithValue(OneTimeCodes.Window);
        command.Parameters.AddWithValue(now);
        // Carried out even if the caller hangs up: something was taken for it.
        var answer = await ReadAsync(command, later, CancellationToken.None);
        if (answer.ExpiresAt is not null)
        {
            bell.Ring(contact.Channel);
        }
        else
        {
            budget.PutInHand(share);
        }

        return answer;
    }

    private static async Task<CodeAnswer> ReadAsync(NpgsqlCommand command, DateTimeOffset? later, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetString(0) switch
        {
            "sent" => new CodeAnswer(reader.GetFieldValue<DateTimeOffset>(1), null, later),
            "limited" => new CodeAnswer(null, reader.GetFieldValue<DateTimeOffset>(1)),
            // Confirmed meanwhile, or another name.
            _ => new CodeAnswer(null, null),
        };
    }

    /// <summary>Takes a code that a user enters.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync(
        UserId user, ContactKind kind, OneTimeCode code, CancellationToken cancellationToken)
    {
        var use = UseOf(user, kind);
        await using var command = database.CreateCommand("SELECT identity.contact_confirm($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(Contact.NameOf(kind));
        command.Parameters.AddWithValue(codes.HandleOf(CodePurpose.Confirm, use));
        command.Parameters.AddWithValue(codes.HashOf(CodePurpose.Confirm, use, code));
        command.Parameters.AddWithValue(time.GetUtcNow());
        return Enum.Parse<ConfirmOutcome>((string)(await command.ExecuteScalarAsync(cancellationToken))!, ignoreCase: true);
    }

    private static string UseOf(UserId user, ContactKind kind) => $"{user.Value}\0{Contact.NameOf(kind)}";
}
