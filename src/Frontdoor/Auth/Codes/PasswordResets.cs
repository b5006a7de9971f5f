using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>
/// Passwords that are set anew by a code, in the functions of infra/postgres/migrations/0032_password_resets.sql. What is done and
/// answered is the same for a name that somebody has and for one that nobody has.
/// </summary>
internal sealed class PasswordResets
{
    // The event of the reset, and those of the sessions that end with it: a few more than a user may have.
    private const int MostEvents = 1 + 64;

    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(1);

    private readonly byte[] _codeKey;
    private readonly byte[] _nameKey;
    private readonly NpgsqlDataSource _database;
    private readonly PostgresOptions _postgres;
    private readonly MessageSeal _seal;
    private readonly MessageBell _bell;
    private readonly MessageBudget _budget;
    private readonly TimeProvider _time;
    private readonly TimeProvider _system;

    public PasswordResets(IServiceProvider provider, bool development)
    {
        var secret = TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development);
        _codeKey = TokenSecret.DeriveKey(secret, "stellarpay/password reset codes/v1"u8);
        _nameKey = TokenSecret.DeriveKey(secret, "stellarpay/password reset names/v1"u8);
        _database = provider.GetRequiredService<NpgsqlDataSource>();
        _postgres = provider.GetRequiredService<IOptions<PostgresOptions>>().Value;
        _seal = provider.GetRequiredService<MessageSeal>();
        _bell = provider.GetRequiredService<MessageBell>();
        _budget = provider.GetRequiredService<MessageBudget>();
        _time = provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key);
        _system = provider.GetRequiredService<TimeProvider>();
    }

    /// <summary>Sends a code to a name if somebody has it.</summary>
    /// <returns>From when on another may be asked for, where there were too many.</returns>
    public async Task<DateTimeOffset?> SendAsync(Contact contact, ClientAddress asker, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var sentAt = _system.GetUtcNow();
        // Whether anybody has the name or not. Who waits for a password does not wait for tomorrow's code: he asks again then.
        if (!await _budget.TakeAsync(MessageUse.Code, contact.Channel, contact.Name, asker, cancellationToken))
        {
            return now + (_budget.Tomorrow - sentAt);
        }

        var code = OneTimeCode.New();
        var id = MessageOutbox.NewId(_system);
        await using var command = _database.CreateCommand(
            "SELECT identity.password_reset_send($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
        command.Parameters.AddWithValue(contact.KindName);
        command.Parameters.AddWithValue(contact.Key);
        command.Parameters.AddWithValue(DigestOf("name", contact));
        command.Parameters.AddWithValue(code.HashFor(UseOf(contact), _codeKey));
        command.Parameters.AddWithValue(ContactCodes.MostTries);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + ContactCodes.Lifetime);
        command.Parameters.AddWithValue(DigestOf("count", contact));
        command.Parameters.AddWithValue(ContactCodes.MostForAccount);
        command.Parameters.AddWithValue(ContactCodes.Window);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(contact.Channel));
        command.Parameters.AddWithValue(_seal.Seal(CodeMessages.PasswordCode(id, contact, code)));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + ContactCodes.Lifetime);
        var retryAt = await command.ExecuteScalarAsync(cancellationToken) as DateTime?;
        _bell.Ring(contact.Channel);
        return retryAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    /// <summary>Sets a password by a code, and ends all sessions. Whose it was; null if the code is wrong.</summary>
    public async Task<UserId?> ResetAsync(
        Contact contact, OneTimeCode code, string passwordHash, CancellationToken cancellationToken)
    {
        var id = MessageOutbox.NewId(_system);
        var sentAt = _system.GetUtcNow();
        await using var command = _database.CreateCommand(
            "SELECT identity.password_reset($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        command.Parameters.AddWithValue(_postgres.ServiceId);
        command.Parameters.AddWithValue(SessionStore.NewEventIds(_time, MostEvents));
        command.Parameters.AddWithValue(DigestOf("name", contact));
        command.Parameters.AddWithValue(code.HashFor(UseOf(contact), _codeKey));
        command.Parameters.AddWithValue(passwordHash);
        command.Parameters.AddWithValue(_time.GetUtcNow());
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(contact.Channel));
        command.Parameters.AddWithValue(_seal.Seal(CodeMessages.PasswordSet(id, contact)));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + NoticeLifetime);
        if (await command.ExecuteScalarAsync(cancellationToken) is not string user)
        {
            return null;
        }

        _bell.Ring(contact.Channel);
        return UserId.Parse(user);
    }

    private static string UseOf(Contact contact) => $"{contact.KindName}\0{contact.Key}";

    private byte[] DigestOf(string what, Contact contact) =>
        HMACSHA256.HashData(_nameKey, Encoding.UTF8.GetBytes($"{what}\0{UseOf(contact)}"));
}
