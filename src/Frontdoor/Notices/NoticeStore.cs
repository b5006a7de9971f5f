using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Notices;

/// <summary>A page of the feed.</summary>
/// <param name="From">The place of the cursor before it.</param>
/// <param name="To">Its last event.</param>
/// <param name="Total">How many events it has.</param>
/// <param name="Events">Those that somebody may be told of.</param>
internal sealed record NoticePage(EventCursor From, EventCursor To, long Total, IReadOnlyList<FeedEvent> Events);

/// <summary>Something to tell somebody, before it is known what he is called.</summary>
/// <param name="Told">Who is told.</param>
/// <param name="Kind">What is told.</param>
/// <param name="Channel">By what.</param>
/// <param name="Text">The words.</param>
internal sealed record Draft(Told Told, NoticeKind Kind, MessageChannel Channel, NoticeText Text);

/// <summary>A message that tells something, and what it counts as.</summary>
/// <param name="User">Who is told; of a business's customer that business.</param>
/// <param name="Kind">What is told.</param>
/// <param name="Message">The message.</param>
/// <param name="IsPaid">Whether something was taken for it of the day's budget; else it is counted, and told at the hour's end.</param>
internal sealed record Notice(string User, NoticeKind Kind, Message Message, bool IsPaid);

/// <summary>What was kept back of a kind.</summary>
internal sealed record Withheld(string User, NoticeKind Kind, MessageChannel Channel, int Count);

/// <summary>Reads what is to be told and writes the messages, in the functions of infra/postgres/migrations/0036_notices.sql.</summary>
internal sealed partial class NoticeStore(
    NpgsqlDataSource database, IOptions<PostgresOptions> options, MessageSeal seal, ContactSeal names, TimeProvider machine,
    ILogger<NoticeStore> logger)
{
    /// <summary>The name of the cursor.</summary>
    public const string Consumer = "notices";

    /// <summary>Events that are read at once.</summary>
    public const int PageSize = 500;

    /// <summary>One by one in an hour, to one person by one channel; what is more is told at its end in one message.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // For as long as a page may take: its names are opened one by one, and a key service of others may be slow.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const int MostDigests = 100;

    // What is older than that says nothing any more, as with the outbox.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>How many are told one by one in a window. An SMS costs somebody something.</summary>
    public static int MostOf(NoticeKind kind, MessageChannel channel) => (kind, channel) switch
    {
        (NoticeKind.Security, MessageChannel.Email) => 60,
        (NoticeKind.Security, _) => 20,
        (NoticeKind.Login, MessageChannel.Email) => 20,
        (NoticeKind.Login, _) => 5,
        (_, MessageChannel.Email) => 10,
        _ => 3,
    };

    /// <summary>
    /// Takes the next page: composes its notices and stores them with the place of the cursor. Whether there may be another at once,
    /// and by which channels something is to be sent: null where nothing was written.
    /// </summary>
    public async Task<(bool More, IReadOnlyCollection<MessageChannel>? Sent)> TakePageAsync(
        string[] types, Func<NoticePage, Task<IReadOnlyList<Notice>>> compose, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // To its end: a page that was taken and is not known of would be nobody's until its time is over.
        if (await ReadAsync(types, CancellationToken.None) is not { } page)
        {
            return (false, null);
        }

        try
        {
            return await WriteAsync(page, await compose(page), now, cancellationToken);
        }
        catch
        {
            await LeaveAsync(page.From);
            throw;
        }
    }

    private async Task<(bool More, IReadOnlyCollection<MessageChannel>? Sent)> WriteAsync(
        NoticePage page, IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT identity.notices_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)");
        var sentAt = machine.GetUtcNow();
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(Consumer);
        command.Parameters.AddWithValue(NpgsqlDbType.Xid8, page.From.TransactionId);
        command.Parameters.AddWithValue(page.From.Id);
        command.Parameters.AddWithValue(NpgsqlDbType.Xid8, page.To.TransactionId);
        command.Parameters.AddWithValue(page.To.Id);
        command.Parameters.AddWithValue(notices.Select(notice => notice.User).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => KindOf(notice.Kind, notice.Message.Channel)).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => MostOf(notice.Kind, notice.Message.Channel)).ToArray());
        command.Parameters.AddWithValue(Window);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(notices.Select(notice => notice.Message.Id).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => MessageOutbox.NameOf(notice.Message.Channel)).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => notice.Kind == NoticeKind.Money).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => seal.Seal(notice.Message)).ToArray());
        command.Parameters.AddWithValue(notices.Select(notice => notice.IsPaid).ToArray());
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + Lifetime);
        var channels = await command.ExecuteScalarAsync(cancellationToken) as string[];
        return (channels is not null && page.Total == PageSize, channels?.Select(ChannelOf).ToArray());
    }

    /// <summary>What was kept back in windows that are over.</summary>
    public async Task<IReadOnlyList<Withheld>> ReadWithheldAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT user_id, kind, withheld FROM identity.notice_digests_due($1, $2, $3)");
        command.Parameters.AddWithValue(Window);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(MostDigests);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var withheld = new List<Withheld>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (kind, channel) = KindOf(reader.GetString(1));
            withheld.Add(new Withheld(reader.GetString(0), kind, channel, reader.GetInt32(2)));
        }

        return withheld;
    }

    /// <summary>Tells what was kept back, once; with no message he does not want to know any more. False if it was told already.</summary>
    public async Task<bool> WriteDigestAsync(Withheld what, Message? digest, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sentAt = machine.GetUtcNow();
        await using var command = database.CreateCommand(
            "SELECT identity.notice_digest_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.AddWithValue(what.User);
        command.Parameters.AddWithValue(KindOf(what.Kind, what.Channel));
        command.Parameters.AddWithValue(what.Count);
        command.Parameters.AddWithValue(Window);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(digest?.Id ?? "");
        command.Parameters.AddWithValue(MessageOutbox.NameOf(what.Channel));
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, digest is null ? DBNull.Value : seal.Seal(digest));
        command.Parameters.AddWithValue(sentAt);
        command.Parameters.AddWithValue(sentAt + Lifetime);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Puts off what could not be told, by a window.</summary>
    public async Task PutOffAsync(Withheld what, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.notice_digest_put_off($1, $2, $3)");
        command.Parameters.AddWithValue(what.User);
        command.Parameters.AddWithValue(KindOf(what.Kind, what.Channel));
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Those of some users who have a confirmed contact.</summary>
    public async Task<IReadOnlyDictionary<string, Told>> FindAsync(IEnumerable<string> users, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, Told>(StringComparer.Ordinal);
        await using var command = database.CreateCommand(
            """
            SELECT u.id, CASE WHEN u.email_confirmed THEN u.email END, CASE WHEN u.phone_number_confirmed THEN u.phone_number END,
                   p.language, p.time_zone, p.email_money, p.sms_money
            FROM identity.users u LEFT JOIN identity.profiles p ON p.user_id = u.id
            WHERE u.id = ANY ($1) AND (u.email_confirmed OR u.phone_number_confirmed)
            """);
        command.Parameters.AddWithValue(users.Distinct().ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            told[reader.GetString(0)] = new Told(
                reader.GetString(0), reader.GetValue(1) as byte[], reader.GetValue(2) as byte[],
                new Profile(FullName: null, Text(reader, 3), Text(reader, 4), Flag(reader, 5), Flag(reader, 6)));
        }

        return told;
    }

    /// <summary>
    /// The names of those to whom something goes, and of nobody else: each reading under a new key is written down for ever, and strangers
    /// can bring about as many events as they like.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, UserNames>> OpenAsync(IEnumerable<Told> all, CancellationToken cancellationToken)
    {
        var opened = new Dictionary<string, UserNames>(StringComparer.Ordinal);
        foreach (var told in all.DistinctBy(told => told.User))
        {
            if (await OpenAsync(UserId.Parse(told.User), told.SealedEmail, told.SealedPhone, cancellationToken) is { } names)
            {
                opened[told.User] = names;
            }
        }

        return opened;
    }

    // One whose key does not open what is his holds up nobody else's notices.
    private async Task<UserNames?> OpenAsync(UserId user, byte[]? email, byte[]? phone, CancellationToken cancellationToken)
    {
        try
        {
            return await names.OpenAsync(user, email, phone, cancellationToken);
        }
        catch (CryptographicException e)
        {
            LogUnreadable(logger, e, user);
            return null;
        }
    }

    // Whoever is next does not wait until the time is over, unless this fails too.
    private async Task LeaveAsync(EventCursor from)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT identity.notices_leave($1, $2, $3, $4)");
            command.Parameters.AddWithValue(options.Value.ServiceId);
            command.Parameters.AddWithValue(Consumer);
            command.Parameters.AddWithValue(NpgsqlDbType.Xid8, from.TransactionId);
            command.Parameters.AddWithValue(from.Id);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            LogLeft(logger, e);
        }
    }

    private async Task<NoticePage?> ReadAsync(string[] types, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {FeedEventReader.Columns}, from_xid, from_id, total FROM identity.notices_read($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(Consumer);
        command.Parameters.AddWithValue(types);
        command.Parameters.AddWithValue(PageSize);
        command.Parameters.AddWithValue(Lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<FeedEvent>();
        NoticePage? page = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var cursor = new EventCursor(reader.GetFieldValue<ulong>(0), reader.GetInt64(1));
            page = new NoticePage(new EventCursor(reader.GetFieldValue<ulong>(8), reader.GetInt64(9)), cursor, reader.GetInt64(10), events);
            if (types.Contains(reader.GetString(3)))
            {
                events.Add(new FeedEvent(
                    cursor, reader.GetString(2), reader.GetString(3), reader.GetString(4), Text(reader, 5),
                    reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? Nothing : reader.GetFieldValue<JsonElement>(7)));
            }
        }

        return page;
    }

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static bool? Flag(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetBoolean(at);

    /// <summary>How the database calls what is counted.</summary>
    public static string KindOf(NoticeKind kind, MessageChannel channel) =>
        $"{kind.ToString().ToLowerInvariant()} {MessageOutbox.NameOf(channel)}";

    private static (NoticeKind Kind, MessageChannel Channel) KindOf(string stored)
    {
        var parts = stored.Split(' ');
        return (Enum.Parse<NoticeKind>(parts[0], ignoreCase: true), ChannelOf(parts[1]));
    }

    private static MessageChannel ChannelOf(string name) => name == "email" ? MessageChannel.Email : MessageChannel.Sms;

    [LoggerMessage(EventId = 5615, Level = LogLevel.Warning, Message = "A page of notices is looked at again once its time is over.")]
    private static partial void LogLeft(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5613, Level = LogLevel.Error, Message = "{User} was not told what concerns him: his names cannot be read.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, UserId user);
}
