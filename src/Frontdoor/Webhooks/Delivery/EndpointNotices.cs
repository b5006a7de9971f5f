using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Tells merchants by e-mail that an endpoint of theirs was disabled: once, whoever crashes, for the message is written by the statement
/// that forgets that it is to be.
/// </summary>
internal sealed partial class EndpointNotices(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    ISubjectKeys keys,
    MessageSeal seal,
    MessageBudget budget,
    MessageBell bell,
    TimeProvider time,
    ILogger<EndpointNotices> logger) : UpkeepWorker(TimeSpan.FromSeconds(2), time)
{
    private const int MostAtOnce = 20;

    // Whoever took one may be gone; and where the day's budget is used up there is more another day.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time;

    private sealed record Notice(string Endpoint, string Merchant, string Reason);

    private sealed record Reader(byte[] SealedEmail, UserId User, string? Language);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var notice in await TakeAsync(cancellationToken))
        {
            try
            {
                await TellAsync(notice, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One that cannot be told keeps none of the others.
                LogNotTold(logger, e, notice.Endpoint);
            }
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    private async Task TellAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (await FindAsync(notice.Merchant, cancellationToken) is not { } told
            || await EmailAsync(notice.Merchant, told.SealedEmail, cancellationToken) is not { } email)
        {
            // Nobody is left to be told; in the answers of the API it stands all the same.
            await WriteAsync(notice, [], cancellationToken);
            return;
        }

        var ask = new MessageAsk(MessageUse.Settings, MessageChannel.Email, email, User: told.User);
        if ((await budget.TakeAsync([ask], cancellationToken)).Single().Share is not { } share)
        {
            MessageTelemetry.Ended(MessageChannel.Email, "over_budget");
            return;
        }

        var (subject, text) = EndpointWords.Disabled(told.Language, notice.Endpoint, notice.Reason);
        var message = new Message(MessageOutbox.NewId(_time), MessageChannel.Email, email, subject, text, Code: null);
        if (await WriteAsync(notice, [message], cancellationToken))
        {
            bell.Ring(MessageChannel.Email);
        }
        else
        {
            budget.PutInHand(share);
        }
    }

    private async Task<IReadOnlyList<Notice>> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT endpoint, merchant, reason FROM webhook_notices_take($1, $2, $3)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(MostAtOnce);
        command.Parameters.AddWithValue(Pause);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var notices = new List<Notice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            notices.Add(new Notice(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return notices;
    }

    private async Task<Reader?> FindAsync(string merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT m.email, m.created_by, p.language
            FROM merchants.merchants m
            LEFT JOIN identity.profiles p ON p.user_id = m.created_by
            WHERE m.id = $1 AND m.email_confirmed
            """);
        command.Parameters.AddWithValue(merchant);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Reader(
                reader.GetFieldValue<byte[]>(0), UserId.Parse(reader.GetString(1)), reader.IsDBNull(2) ? null : reader.GetString(2))
            : null;
    }

    private async Task<string?> EmailAsync(string merchant, byte[] sealedEmail, CancellationToken cancellationToken)
    {
        try
        {
            var field = new SubjectField(merchant, "merchants.merchants", "email", IsPersonal: true);
            return await keys.OpenAsync(field, sealedEmail, cancellationToken) is { } email ? Encoding.UTF8.GetString(email) : null;
        }
        catch (CryptographicException unreadable)
        {
            LogUnreadable(logger, unreadable, merchant);
            return null;
        }
    }

    private async Task<bool> WriteAsync(Notice notice, Message[] messages, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT webhook_notice_write($1, $2, $3, $4, $5, $6)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(notice.Endpoint);
        command.Parameters.AddWithValue(messages.Select(message => message.Id).ToArray());
        command.Parameters.AddWithValue(messages.Select(seal.Seal).ToArray());
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + Lifetime);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(EventId = 5806, Level = LogLevel.Warning, Message = "It could not be read which merchants are to be told of their endpoints; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5807, Level = LogLevel.Warning, Message = "The merchant of {Endpoint} could not be told that it was disabled; it is tried again.")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(EventId = 5808, Level = LogLevel.Error, Message = "The address of {Merchant} cannot be read: nobody was told that an endpoint was disabled.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string merchant);
}
