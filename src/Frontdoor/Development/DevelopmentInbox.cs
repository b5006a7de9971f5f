using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Development;

/// <summary>
/// Keeps what would be sent, so that people and programs on a developer's machine can read it at <c>/v1/dev/inbox</c>. In the
/// database, since the front door that sends a message need not be the one that is asked for it; encrypted, as in the outbox.
/// </summary>
internal sealed class DevelopmentInbox(NpgsqlDataSource database, MessageSeal seal, TimeProvider time)
{
    private const int Kept = 10_000;

    // Those that this process kept wake who waits; others' are found by looking.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.OrdinalIgnoreCase);

    public async Task KeepAsync(Message message, CancellationToken cancellationToken)
    {
        var forgotten = await AddAsync(message, cancellationToken) - Kept;
        if (forgotten > 0)
        {
            // By a number that the planner sees: it would look through all of them for one that it is to work out.
            await using var forget = database.CreateCommand("DELETE FROM identity.development_inbox WHERE id <= $1");
            forget.Parameters.AddWithValue(forgotten);
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        if (_waiting.TryRemove(message.To, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>What was sent to somebody, newest first.</summary>
    /// <param name="to">The e-mail address or phone number.</param>
    /// <param name="after">Only what came after the message of this id.</param>
    /// <param name="limit">The most.</param>
    /// <param name="wait">How long to wait for one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<InboxMessageJson>> ReadAsync(
        string to, long after, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var arrival = _waiting.GetOrAdd(to, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var found = await ReadAsync(to, after, limit, cancellationToken);
            var left = wait - time.GetElapsedTime(began);
            if (found.Count > 0 || left <= TimeSpan.Zero)
            {
                _waiting.TryRemove(to, out _);
                return found;
            }

            await Task.WhenAny(arrival, Task.Delay(left < LookAgain ? left : LookAgain, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<long> AddAsync(Message message, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO identity.development_inbox (to_digest, sealed, received_at) VALUES ($1, $2, $3) RETURNING id");
        command.Parameters.AddWithValue(seal.DigestOf(message.To));
        // Under one id, since the row has none of the message's.
        command.Parameters.AddWithValue(seal.Seal(message with { Id = Of(message.To) }));
        command.Parameters.AddWithValue(time.GetUtcNow());
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<IReadOnlyList<InboxMessageJson>> ReadAsync(string to, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, sealed, received_at FROM identity.development_inbox
            WHERE to_digest = $1 AND id > $2 ORDER BY id DESC LIMIT $3
            """);
        command.Parameters.AddWithValue(seal.DigestOf(to));
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<InboxMessageJson>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (seal.TryOpen(Of(to), reader.GetFieldValue<byte[]>(1), out var message))
            {
                found.Add(new InboxMessageJson(
                    "message",
                    reader.GetInt64(0).ToString(CultureInfo.InvariantCulture),
                    MessageOutbox.NameOf(message.Channel),
                    message.To,
                    message.Subject,
                    message.Text,
                    message.Code,
                    reader.GetFieldValue<DateTimeOffset>(2)));
            }
        }

        return found;
    }

    private static string Of(string to) => $"development {to.ToUpperInvariant()}";
}

/// <summary>Puts the messages of a channel into the inbox.</summary>
internal sealed class DevelopmentTransport(MessageChannel channel, DevelopmentInbox inbox) : IMessageTransport
{
    public MessageChannel Channel => channel;

    public Task SendAsync(Message message, CancellationToken cancellationToken) => inbox.KeepAsync(message, cancellationToken);
}
