using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
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
/// Proves by one-time codes that names are their users', in the functions of infra/postgres/migrations/0031_contact_codes.sql.
/// Nothing that is answered tells whether a name has an account.
/// </summary>
internal sealed class ContactCodes
{
    public const int MostTries = 5;

    /// <summary>Codes within <see cref="Window"/> for one name of one account.</summary>
    public const int MostForAccount = 5;

    /// <summary>Codes within <see cref="Window"/> to one name, whoever asks.</summary>
    public const int MostToName = 10;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly byte[] _codeKey;
    private readonly byte[] _countKey;
    private readonly NpgsqlDataSource _database;
    private readonly PostgresOptions _postgres;
    private readonly MessageSeal _seal;
    private readonly MessageBell _bell;
    private readonly MessageBudget _budget;
    private readonly TimeProvider _time;
    private readonly TimeProvider _system;

    public ContactCodes(
        byte[] secret,
        NpgsqlDataSource database,
        IOptions<PostgresOptions> postgres,
        MessageSeal seal,
        MessageBell bell,
        MessageBudget budget,
        TimeProvider time,
        TimeProvider system)
    {
        _codeKey = TokenSecret.DeriveKey(secret, "stellarpay/one-time codes/v1"u8);
        _countKey = TokenSecret.DeriveKey(secret, "stellarpay/one-time code counts/v1"u8);
        (_database, _postgres, _seal, _bell, _budget, _time, _system) = (database, postgres.Value, seal, bell, budget, time, system);
    }

    public static ContactCodes Of(IServiceProvider provider, bool development) => new(
        TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
        provider.GetRequiredService<NpgsqlDataSource>(),
        provider.GetRequiredService<IOptions<PostgresOptions>>(),
        provider.GetRequiredService<MessageSeal>(),
        provider.GetRequiredService<MessageBell>(),
        provider.GetRequiredService<MessageBudget>(),
        provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key),
        provider.GetRequiredService<TimeProvider>());

    /// <summary>Sends a code to a name of a user's; a code that was sent before holds no more.</summary>
    /// <param name="user">Whose name it is.</param>
    /// <param name="contact">The name.</param>
    /// <param name="asker">Whence it is asked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CodeAnswer> SendAsync(UserId user, Contact contact, ClientAddress asker, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var asked = _system.GetUtcNow();
        var (taken, later) = await _budget.TakeForCodeAsync(contact.Channel, contact.Name, asker, cancellationToken);
        if (!taken)
        {
            return new CodeAnswer(null, now + (_budget.Tomorrow - asked));
        }

        var code = OneTimeCode.New();
        // A code holds from when it is sent.
        var sentAt = later ?? asked;
        var expiresAt = now + (sentAt - asked) + Lifetime;
        var id = MessageOutbox.NewId(_system);
        await using var command = _database.CreateCommand(
            """
            SELECT outcome, retry_at FROM identity.contact_code_send(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(contact.KindName);
        command.Parameters.AddWithValue(contact.Key);
        command.Parameters.AddWithValue(code.HashFor(UseOf(user, contact.Kind), _codeKey));
        command.Parameters.AddWithValue(MostTries);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(expiresAt);
        command.Parameters.AddWithValue(new[] { CountOf("account", contact, user.Value), CountOf("name", contact, contact.Key) });
        command.Parameters.AddWithValue(new[] { MostForAccount, MostToName });
        command.Parameters.AddWithValue(Window);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(contact.Channel));
        command.Parameters.AddWithValue(_seal.Seal(CodeMessages.Code(id, contact, code)));
        command.Parameters.AddWithValue(_seal.Seal(CodeMessages.Taken(id, contact)));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + Lifetime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        switch (reader.GetString(0))
        {
            case "sent":
                await reader.DisposeAsync();
                _bell.Ring(contact.Channel);
                return new CodeAnswer(expiresAt, null, later);
            case "limited":
                return new CodeAnswer(null, reader.GetFieldValue<DateTimeOffset>(1));
            default:
                // Confirmed meanwhile, or another name.
                return new CodeAnswer(null, null);
        }
    }

    /// <summary>Takes a code that a user enters.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync(
        UserId user, ContactKind kind, OneTimeCode code, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT identity.contact_confirm($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(_postgres.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(_time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(Contact.NameOf(kind));
        command.Parameters.AddWithValue(code.HashFor(UseOf(user, kind), _codeKey));
        command.Parameters.AddWithValue(_time.GetUtcNow());
        return Enum.Parse<ConfirmOutcome>((string)(await command.ExecuteScalarAsync(cancellationToken))!, ignoreCase: true);
    }

    private static string UseOf(UserId user, ContactKind kind) => $"{user.Value}\0{Contact.NameOf(kind)}";

    private byte[] CountOf(string what, Contact contact, string whose) =>
        HMACSHA256.HashData(_countKey, Encoding.UTF8.GetBytes($"{what}\0{contact.KindName}\0{whose}"));
}
