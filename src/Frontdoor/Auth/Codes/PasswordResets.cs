using System.Security.Cryptography;
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

/// <summary>What came of asking for a password.</summary>
/// <param name="Id">The request, under which its code is entered; null where there were too many.</param>
/// <param name="At">Until when its code holds, or from when on another may be asked for.</param>
internal sealed record ResetAnswer(string? Id, DateTimeOffset At);

/// <summary>
/// Passwords that are set anew by a code, in the functions of infra/postgres/migrations/0032_password_resets.sql. What is done and
/// answered is the same for a name that somebody has and for one that nobody has.
/// </summary>
internal sealed class PasswordResets(
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
    private const string IdPrefix = "pwr_";
    private const int IdBytes = 16;

    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(1);

    /// <summary>Whether it has the form of a request's id.</summary>
    public static bool IsId(string id) => id.Length == IdPrefix.Length + (2 * IdBytes)
        && id.StartsWith(IdPrefix, StringComparison.Ordinal) && id.AsSpan(IdPrefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>Sends a code to a name if somebody has it.</summary>
    public async Task<ResetAnswer> SendAsync(Contact contact, ClientAddress asker, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Whether anybody has the name or not. Who waits for a password does not wait for tomorrow's code: he asks again then.
        if (await budget.TakeAsync(
                new MessageAsk(MessageUse.Code, contact.Channel, contact.Name, asker), cancellationToken) is not { } share)
        {
            return new ResetAnswer(null, now + (budget.Tomorrow - system.GetUtcNow()));
        }

        var id = IdPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var offer = codes.New(
            CodePurpose.Password, contact, id, (message, code) => CodeMessages.PasswordCode(message, contact, code), share);
        await using var command = database.CreateCommand(
            $"SELECT retry_at, expires_at FROM identity.password_reset_send($1, $2, {OneTimeCodes.At(3)}, $18)");
        command.Parameters.AddWithValue(contact.KindName);
        command.Parameters.AddWithValue(await index.OfAsync(contact, CancellationToken.None));
        OneTimeCodes.Add(command, offer);
        command.Parameters.AddWithValue(now);
        // Carried out even if the caller hangs up: something was taken for it.
        var answer = await ReadAsync(command, id, CancellationToken.None);
        if (answer.Id is null)
        {
            budget.PutInHand(share);
        }

        bell.Ring(contact.Channel);
        return answer;
    }

    private static async Task<ResetAnswer> ReadAsync(NpgsqlCommand command, string id, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0)
            ? new ResetAnswer(id, reader.GetFieldValue<DateTimeOffset>(1))
            : new ResetAnswer(null, reader.GetFieldValue<DateTimeOffset>(0));
    }

    /// <summary>Sets a password by a code, and ends all sessions. Whose it was; null if the code is wrong.</summary>
    /// <param name="contact">Where the code was sent.</param>
    /// <param name="id">The request that it answers; one at length needs none.</param>
    /// <param name="code">The code.</param>
    /// <param name="passwordHash">Of the new password.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<UserId?> ResetAsync(
        Contact contact, string id, OneTimeCode code, string passwordHash, CancellationToken cancellationToken)
    {
        var messageId = MessageOutbox.NewId(system);
        var sentAt = system.GetUtcNow();
        var nameDigest = codes.NameDigestOf(CodePurpose.Password, contact);
        await using var command = database.CreateCommand(
            "SELECT identity.password_reset($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(code.IsLong ? nameDigest : codes.HandleOf(CodePurpose.Password, id));
        command.Parameters.AddWithValue(nameDigest);
        command.Parameters.AddWithValue(codes.HashOf(CodePurpose.Password, id, code));
        command.Parameters.AddWithValue(passwordHash);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(messageId);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(contact.Channel));
        command.Parameters.AddWithValue(seal.Seal(CodeMessages.PasswordSet(messageId, contact)));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + NoticeLifetime);
        if (await command.ExecuteScalarAsync(cancellationToken) is not string user)
        {
            return null;
        }

        bell.Ring(contact.Channel);
        return UserId.Parse(user);
    }
}
