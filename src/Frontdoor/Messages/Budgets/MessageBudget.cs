using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>
/// What a day has of messages, in the function of infra/postgres/migrations/0040_message_budgets.sql. Asked before a message is written.
/// Days are UTC by the system's clock: it is about what providers charge.
/// </summary>
internal sealed class MessageBudget(
    byte[] secret, NpgsqlDataSource database, IOptions<MessageOptions> options, TimeProvider time) : IDisposable
{
    private const int Block = 64;

    // What waits for the next day uses at most half of it.
    private const int PartForThoseWhoWait = 2;

    private static readonly TimeSpan SpreadOver = TimeSpan.FromHours(2);

    private readonly MessageBudgetKeys _keys =
        new(TokenSecret.DeriveKey(secret, "stellarpay/message budgets/v1"u8), options.Value.Budgets);

    private readonly MessageLeases _leases = new();
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Takes for a message that is sent now; null where the day does not suffice.</summary>
    /// <returns>What was taken, to be given back where nothing is sent after all.</returns>
    public async Task<MessageShare?> TakeAsync(MessageAsk ask, CancellationToken cancellationToken)
    {
        var day = Today;
        return await TakeAsync(ask, day, waits: false, cancellationToken) ? ShareOf(ask, day, waits: false) : null;
    }

    /// <summary>
    /// Takes for a code: of today, or else of tomorrow. Whether it may be sent, and when, if not now: in the first hours of tomorrow, not
    /// all at once. Where both are used up, tomorrow's first moment is when to ask again.
    /// </summary>
    public async Task<(bool Taken, DateTimeOffset? Later, MessageShare? Share)> TakeForCodeAsync(
        MessageAsk ask, CancellationToken cancellationToken)
    {
        if (await TakeAsync(ask, cancellationToken) is { } now)
        {
            return (true, null, now);
        }

        var tomorrow = Today.AddDays(1);
        return await TakeAsync(ask, tomorrow, waits: true, cancellationToken)
            ? (true, Tomorrow + (SpreadOver * (RandomNumberGenerator.GetInt32(Block) / (double)Block)), ShareOf(ask, tomorrow, waits: true))
            : (false, null, null);
    }

    /// <summary>Whether what was refused today was refused because somebody's own part is used up, and not everybody's.</summary>
    public async Task<bool> IsOwnUsedUpAsync(MessageAsk ask, CancellationToken cancellationToken)
    {
        var own = _keys.Own(ask);
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (
                SELECT FROM unnest($2, $3) AS own (key_digest, most) JOIN identity.message_budgets b USING (key_digest)
                WHERE b.day = $1 AND b.used >= own.most)
            """);
        command.Parameters.AddWithValue(Today);
        command.Parameters.AddWithValue(own.Select(key => _keys.DigestOf(key.Key)).ToArray());
        command.Parameters.AddWithValue(own.Select(key => key.Most).ToArray());
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>
    /// What was taken for a message that is not sent is there again: else whoever is refused uses up what others may be sent.
    /// </summary>
    public async Task ReturnAsync(MessageShare share, CancellationToken cancellationToken)
    {
        PutInHand(share);
        await using var command = database.CreateCommand("SELECT identity.message_budget_return($1, $2)");
        command.Parameters.AddWithValue(share.Day);
        command.Parameters.AddWithValue(share.Counted);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The part that this front door has in hand, where the transaction that refuses the message gives back the rest.</summary>
    public void PutInHand(MessageShare share)
    {
        foreach (var key in share.Leased)
        {
            _leases.Put(key, share.IsSecurity, share.Day, 1);
        }
    }

    /// <summary>The present day.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The next day's first moment.</summary>
    public DateTimeOffset Tomorrow => new(Today.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    public void Dispose() => _gate.Dispose();

    private async Task<bool> TakeAsync(MessageAsk ask, DateOnly day, bool waits, CancellationToken cancellationToken)
    {
        var (own, shared, held) = (_keys.Own(ask), _keys.Shared(ask), new List<string>());
        if (TakeFromHand(shared, held, ask, day))
        {
            return await TakeAsync([], own, held, ask, day, waits, cancellationToken);
        }

        // One at a time, or each that waits would take a block.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            TakeFromHand(shared, held, ask, day);
            return await TakeAsync([.. shared.Where(key => !held.Contains(key.Key))], own, held, ask, day, waits, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    // Whether all that everybody takes from is in hand.
    private bool TakeFromHand((string Key, int Most)[] shared, List<string> held, MessageAsk ask, DateOnly day)
    {
        held.AddRange(shared.Where(key => !held.Contains(key.Key) && _leases.TryTake(key.Key, ask.IsSecurity, day))
            .Select(key => key.Key).ToArray());
        return held.Count == shared.Length;
    }

    private async Task<bool> TakeAsync(
        (string Key, int Most)[] shared, (string Key, int Most)[] own, List<string> held, MessageAsk ask, DateOnly day, bool waits,
        CancellationToken cancellationToken)
    {
        (byte[] Digest, string? Shared, int Most)[] asked = InOrder(
            shared.Select(key => (_keys.DigestOf(key.Key), (string?)key.Key, key.Most))
                .Concat(own.Select(key => (_keys.DigestOf(key.Key), (string?)null, key.Most))),
            key => key.Item1);
        if (asked.Length == 0)
        {
            return true;
        }

        if (await AskAsync(day, asked, waits, cancellationToken) is not { } taken)
        {
            held.ForEach(key => _leases.Put(key, ask.IsSecurity, day, 1));
            return false;
        }

        foreach (var (key, count) in asked.Zip(taken))
        {
            if (key.Shared is not null && count > 1)
            {
                _leases.Put(key.Shared, ask.IsSecurity, day, count - 1);
            }
        }

        return true;
    }

    private async Task<int[]?> AskAsync(
        DateOnly day, (byte[] Digest, string? Shared, int Most)[] asked, bool waits, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.message_budget_take($1, $2, $3, $4)");
        command.Parameters.AddWithValue(day);
        command.Parameters.AddWithValue(asked.Select(key => key.Digest).ToArray());
        command.Parameters.AddWithValue(asked.Select(key => waits ? Math.Max(1, key.Most / PartForThoseWhoWait) : key.Most).ToArray());
        command.Parameters.AddWithValue(asked.Select(key => key.Shared is null || waits ? 1 : Block).ToArray());
        return await command.ExecuteScalarAsync(cancellationToken) as int[];
    }

    // Of a day that comes nothing is in hand.
    private MessageShare ShareOf(MessageAsk ask, DateOnly day, bool waits)
    {
        var shared = _keys.Shared(ask).Select(key => key.Key).ToArray();
        return new MessageShare(
            day,
            ask.IsSecurity,
            waits ? [] : shared,
            InOrder(_keys.Own(ask).Select(key => key.Key).Concat(waits ? shared : []).Select(_keys.DigestOf), key => key));
    }

    // In one order, so that two never wait for each other.
    private static T[] InOrder<T>(IEnumerable<T> keys, Func<T, byte[]> digestOf) =>
        [.. keys.OrderBy(key => Convert.ToHexString(digestOf(key)), StringComparer.Ordinal)];
}
