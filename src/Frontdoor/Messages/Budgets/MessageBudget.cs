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
    public async Task<MessageShare?> TakeAsync(MessageAsk ask, CancellationToken cancellationToken) =>
        (await TakeAsync([ask], Today, waits: false, cancellationToken))[0].Share;

    /// <summary>Takes for notices, of which each has one part of its own; with one question to the database for all of them.</summary>
    public Task<MessageAnswer[]> TakeAsync(IReadOnlyList<MessageAsk> notices, CancellationToken cancellationToken) =>
        TakeAsync(notices, Today, waits: false, cancellationToken);

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
        return (await TakeAsync([ask], tomorrow, waits: true, cancellationToken))[0].Share is { } later
            ? (true, Tomorrow + (SpreadOver * (RandomNumberGenerator.GetInt32(Block) / (double)Block)), later)
            : (false, null, null);
    }

    /// <summary>
    /// What was taken for a message that is not sent is there again: else whoever is refused uses up what others may be sent.
    /// </summary>
    public Task ReturnAsync(MessageShare share, CancellationToken cancellationToken) => ReturnAsync([share], cancellationToken);

    /// <summary>The same of several.</summary>
    public async Task ReturnAsync(IReadOnlyCollection<MessageShare> shares, CancellationToken cancellationToken)
    {
        foreach (var ofDay in shares.GroupBy(share => share.Day))
        {
            foreach (var share in ofDay)
            {
                PutInHand(share);
            }

            byte[][] counted = [.. ofDay.SelectMany(share => share.Counted).OrderBy(Convert.ToHexString, StringComparer.Ordinal)];
            await ReturnAsync(ofDay.Key, counted, cancellationToken);
        }
    }

    /// <summary>The part that this front door has in hand, where the transaction that refuses the message gives back the rest.</summary>
    public void PutInHand(MessageShare share)
    {
        foreach (var count in share.Leased)
        {
            _leases.Put(count, share.Day, 1);
        }
    }

    /// <summary>The present day.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The next day's first moment.</summary>
    public DateTimeOffset Tomorrow => new(Today.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    public void Dispose() => _gate.Dispose();

    private async Task<MessageAnswer[]> TakeAsync(
        IReadOnlyList<MessageAsk> asks, DateOnly day, bool waits, CancellationToken cancellationToken)
    {
        var own = asks.Select(ask => _keys.Own(ask).Select(count => count with { Most = Part(count.Most, waits) }).ToArray()).ToArray();
        var counted = await CountAsync(own, day, cancellationToken);
        var answers = new MessageAnswer[asks.Count];
        try
        {
            await TakeSharedAsync(asks, own, counted, answers, day, waits, cancellationToken);
            return answers;
        }
        catch
        {
            // What breaks off has taken nothing: whoever tries it again and again would else use up everybody's day who is in it.
            foreach (var share in answers.Select(answer => answer.Share).OfType<MessageShare>())
            {
                PutInHand(share);
            }

            var keys = own.Where((_, i) => counted[i] is not null).SelectMany(counts => counts.Select(count => count.Key));
            await ReturnIfThereAsync(day, InOrder(keys));
            throw;
        }
    }

    private async Task TakeSharedAsync(
        IReadOnlyList<MessageAsk> asks, MessageCount[][] own, int?[] counted, MessageAnswer[] answers, DateOnly day, bool waits,
        CancellationToken cancellationToken)
    {
        var returned = new List<string>();
        for (var i = 0; i < asks.Count; i++)
        {
            if (counted[i] is not { } number)
            {
                answers[i] = new MessageAnswer(null, IsOwnUsedUp: true);
                continue;
            }

            var keys = own[i].Select(count => count.Key).ToArray();
            answers[i] = new MessageAnswer(await TakeSharedAsync(asks[i], number, keys, day, waits, cancellationToken), IsOwnUsedUp: false);
            if (answers[i].Share is null)
            {
                returned.AddRange(keys);
            }
        }

        if (returned.Count > 0)
        {
            await ReturnAsync(day, InOrder(returned), cancellationToken);
        }
    }

    // A database that is away has failed already.
    private async Task ReturnIfThereAsync(DateOnly day, byte[][] counted)
    {
        try
        {
            await ReturnAsync(day, counted, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The day has fewer of these; what is told of it is the failure.
        }
    }

    // Counts what is somebody's own, in one statement: the how manieth of the day each message is, null where it is one too many.
    private async Task<int?[]> CountAsync(MessageCount[][] own, DateOnly day, CancellationToken cancellationToken)
    {
        var keys = own.SelectMany(counts => counts).GroupBy(count => count)
            .Select(same => (same.Key.Key, same.Key.Most, Wanted: same.Count(), Digest: _keys.DigestOf(same.Key.Key)))
            .OrderBy(key => Convert.ToHexString(key.Digest), StringComparer.Ordinal).ToArray();
        if (keys.Length == 0)
        {
            return [.. own.Select(_ => (int?)1)];
        }

        var before = new Dictionary<string, (int Used, int Taken)>(StringComparer.Ordinal);
        await using var command = database.CreateCommand("SELECT place, used, taken FROM identity.message_budget_count($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(day);
        command.Parameters.AddWithValue(keys.Select(key => key.Digest).ToArray());
        command.Parameters.AddWithValue(keys.Select(key => key.Most).ToArray());
        command.Parameters.AddWithValue(keys.Select(key => key.Wanted).ToArray());
        // All parts of one message are taken, or none; of several messages as many as there are.
        command.Parameters.AddWithValue(own.Length == 1);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                before[keys[reader.GetInt32(0) - 1].Key] = (reader.GetInt32(1), reader.GetInt32(2));
            }
        }

        return [.. own.Select(counts => counts.Length == 0 ? 1 : Next(before, counts[^1].Key))];
    }

    private static int? Next(Dictionary<string, (int Used, int Taken)> before, string key)
    {
        if (!before.TryGetValue(key, out var count) || count.Taken == 0)
        {
            return null;
        }

        before[key] = (count.Used + 1, count.Taken - 1);
        return count.Used + 1;
    }

    private async Task<MessageShare?> TakeSharedAsync(
        MessageAsk ask, int number, string[] own, DateOnly day, bool waits, CancellationToken cancellationToken)
    {
        foreach (var way in _keys.Shared(ask, number).Select(way => way.Select(all => all with { Most = Part(all.Most, waits) }).ToArray()))
        {
            if (await TakeAsync(way, day, waits, cancellationToken))
            {
                // Of a day that comes nothing is in hand.
                return new MessageShare(day, waits ? [] : way, InOrder(own.Concat(waits ? way.Select(all => all.Key) : [])));
            }
        }

        return null;
    }

    private async Task<bool> TakeAsync(MessageCount[] way, DateOnly day, bool waits, CancellationToken cancellationToken)
    {
        var held = new List<MessageCount>();
        if (TakeFromHand(way, held, day))
        {
            return true;
        }

        // One at a time, or each that waits would take a block.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return TakeFromHand(way, held, day) || await TakeBlocksAsync([.. way.Except(held)], held, day, waits, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    // Whether all that is wanted is in hand.
    private bool TakeFromHand(MessageCount[] way, List<MessageCount> held, DateOnly day)
    {
        held.AddRange(way.Except(held).Where(all => _leases.TryTake(all, day)).ToArray());
        return held.Count == way.Length;
    }

    private async Task<bool> TakeBlocksAsync(
        MessageCount[] wanted, List<MessageCount> held, DateOnly day, bool waits, CancellationToken cancellationToken)
    {
        var asked = wanted.Select(all => (Count: all, Digest: _keys.DigestOf(all.Key)))
            .OrderBy(all => Convert.ToHexString(all.Digest), StringComparer.Ordinal).ToArray();
        await using var command = database.CreateCommand("SELECT identity.message_budget_take($1, $2, $3, $4)");
        command.Parameters.AddWithValue(day);
        command.Parameters.AddWithValue(asked.Select(all => all.Digest).ToArray());
        command.Parameters.AddWithValue(asked.Select(all => all.Count.Most).ToArray());
        command.Parameters.AddWithValue(asked.Select(_ => waits ? 1 : Block).ToArray());
        int[]? taken = null;
        try
        {
            taken = await command.ExecuteScalarAsync(cancellationToken) as int[];
        }
        finally
        {
            if (taken is null)
            {
                held.ForEach(all => _leases.Put(all, day, 1));
            }
        }

        if (taken is null)
        {
            return false;
        }

        foreach (var (all, count) in asked.Zip(taken).Where(one => one.Second > 1))
        {
            _leases.Put(all.Count, day, count - 1);
        }

        return true;
    }

    private async Task ReturnAsync(DateOnly day, byte[][] counted, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.message_budget_return($1, $2)");
        command.Parameters.AddWithValue(day);
        command.Parameters.AddWithValue(counted);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static int Part(int most, bool waits) => waits ? Math.Max(1, most / PartForThoseWhoWait) : most;

    // In one order, so that two never wait for each other.
    private byte[][] InOrder(IEnumerable<string> keys) =>
        [.. keys.Select(_keys.DigestOf).OrderBy(Convert.ToHexString, StringComparer.Ordinal)];
}
