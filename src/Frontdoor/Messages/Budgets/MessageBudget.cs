using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using PhoneNumbers;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>
/// What a day has of messages, in the function of infra/postgres/migrations/0040_message_budgets.sql. Asked before a message is written.
/// Days are UTC by the system's clock: it is about what providers charge.
/// </summary>
internal sealed class MessageBudget(
    byte[] secret, NpgsqlDataSource database, IOptions<MessageOptions> options, TimeProvider time) : IDisposable
{
    private const int Block = 64;
    private const int Whole = 100;

    // What waits for the next day uses at most half of it.
    private const int PartForThoseWhoWait = 2;

    // Of what is not kept for safety, invitations use at most a fifth.
    private const int PartForInvitations = 5;
    private const int SmsAreDearer = 10;

    private static readonly TimeSpan SpreadOver = TimeSpan.FromHours(2);
    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/message budgets/v1"u8);
    private readonly MessageBudgetSettings _settings = options.Value.Budgets;
    private readonly MessageLeases _leases = new();
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Takes for a message that is sent now. False where the day does not suffice.</summary>
    public Task<bool> TakeAsync(
        MessageUse use, MessageChannel channel, string to, ClientAddress? asker, CancellationToken cancellationToken) =>
        TakeAsync(use, channel, to, asker, Today, waits: false, cancellationToken);

    /// <summary>Takes for a code or an invitation that is sent now; null where the day does not suffice.</summary>
    /// <returns>What was taken, to be given back where nothing is sent after all.</returns>
    public async Task<MessageShare?> TakeShareAsync(
        MessageUse use, MessageChannel channel, string to, ClientAddress? asker, CancellationToken cancellationToken)
    {
        var day = Today;
        return await TakeAsync(use, channel, to, asker, day, waits: false, cancellationToken)
            ? ShareOf(use, channel, to, asker, day, waits: false)
            : null;
    }

    /// <summary>
    /// Takes for a code: of today, or else of tomorrow. Whether it may be sent, and when, if not now: in the first hours of tomorrow, not
    /// all at once. Where both are used up, tomorrow's first moment is when to ask again.
    /// </summary>
    public async Task<(bool Taken, DateTimeOffset? Later, MessageShare? Share)> TakeForCodeAsync(
        MessageChannel channel, string to, ClientAddress asker, CancellationToken cancellationToken)
    {
        var day = Today;
        if (await TakeAsync(MessageUse.Code, channel, to, asker, day, waits: false, cancellationToken))
        {
            return (true, null, ShareOf(MessageUse.Code, channel, to, asker, day, waits: false));
        }

        return await TakeAsync(MessageUse.Code, channel, to, asker, day.AddDays(1), waits: true, cancellationToken)
            ? (true, Tomorrow + (SpreadOver * (RandomNumberGenerator.GetInt32(Block) / (double)Block)),
                ShareOf(MessageUse.Code, channel, to, asker, day.AddDays(1), waits: true))
            : (false, null, null);
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
            _leases.Put(key, security: false, share.Day, 1);
        }
    }

    /// <summary>The present day.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The next day's first moment.</summary>
    public DateTimeOffset Tomorrow => new(Today.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    public void Dispose() => _gate.Dispose();

    private async Task<bool> TakeAsync(
        MessageUse use, MessageChannel channel, string to, ClientAddress? asker, DateOnly day, bool waits,
        CancellationToken cancellationToken)
    {
        var own = OwnKeysOf(use, channel, to, asker);
        var shared = SharedKeys(channel, to).ToArray();
        var held = new List<string>();
        if (TakeFromHand(shared, held, use, day))
        {
            return await TakeAsync([], own, held, use, day, waits, cancellationToken);
        }

        // One at a time, or each that waits would take a block.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            TakeFromHand(shared, held, use, day);
            return await TakeAsync([.. shared.Where(key => !held.Contains(key.Key))], own, held, use, day, waits, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    // Whether all that everybody takes from is in hand.
    private bool TakeFromHand((string Key, int Most)[] shared, List<string> held, MessageUse use, DateOnly day)
    {
        held.AddRange(shared.Where(key => !held.Contains(key.Key) && _leases.TryTake(key.Key, use == MessageUse.Security, day))
            .Select(key => key.Key).ToArray());
        return held.Count == shared.Length;
    }

    private async Task<bool> TakeAsync(
        (string Key, int Most)[] shared, (string Key, int Most)[] own, List<string> held, MessageUse use, DateOnly day, bool waits,
        CancellationToken cancellationToken)
    {
        var security = use == MessageUse.Security;
        (byte[] Digest, string? Shared, int Most)[] asked = InOrder(
            shared.Select(key => (DigestOf(key.Key), (string?)key.Key, security ? key.Most : Ordinary(key.Most)))
                .Concat(own.Select(key => (DigestOf(key.Key), (string?)null, key.Most))),
            key => key.Item1);
        if (asked.Length == 0)
        {
            return true;
        }

        if (await AskAsync(day, asked, waits, cancellationToken) is not { } taken)
        {
            held.ForEach(key => _leases.Put(key, security, day, 1));
            return false;
        }

        foreach (var (key, count) in asked.Zip(taken))
        {
            if (key.Shared is not null && count > 1)
            {
                _leases.Put(key.Shared, security, day, count - 1);
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

    private int Ordinary(int most) => (int)((long)most * (Whole - _settings.SecurityPercent) / Whole);

    // Everybody takes from these.
    private IEnumerable<(string Key, int Most)> SharedKeys(MessageChannel channel, string to)
    {
        if (channel == MessageChannel.Email)
        {
            yield return ("all email", _settings.Emails);
            yield break;
        }

        yield return ("all sms", _settings.Sms);
        yield return ($"sms to {Plans.Parse(to, defaultRegion: null).CountryCode}", _settings.SmsPerCountry);
    }

    private (string Key, int Most)[] OwnKeysOf(MessageUse use, MessageChannel channel, string to, ClientAddress? asker) => use switch
    {
        MessageUse.Code => [.. OwnKeys(channel, asker)],
        // In places of their own: whoever invites somebody often, or many, keeps no code from anybody.
        MessageUse.Invitation =>
        [
            (InvitationKey(to), _settings.InvitationsPerRecipient), (InvitationsKey(channel), InvitationsOf(channel)),
            .. OwnKeys(channel, asker),
        ],
        _ => [],
    };

    // Of a day that comes nothing is in hand.
    private MessageShare ShareOf(MessageUse use, MessageChannel channel, string to, ClientAddress? asker, DateOnly day, bool waits)
    {
        var shared = SharedKeys(channel, to).Select(key => key.Key).ToArray();
        return new MessageShare(
            day,
            waits ? [] : shared,
            InOrder(OwnKeysOf(use, channel, to, asker).Select(key => key.Key).Concat(waits ? shared : []).Select(DigestOf), key => key));
    }

    // In one order, so that two never wait for each other.
    private static T[] InOrder<T>(IEnumerable<T> keys, Func<T, byte[]> digestOf) =>
        [.. keys.OrderBy(key => Convert.ToHexString(digestOf(key)), StringComparer.Ordinal)];

    // This machine itself is no network: a developer's is one stranger else. What one recipient is sent is counted where codes are written,
    // which knows the last of them (OneTimeCodes).
    private IEnumerable<(string Key, int Most)> OwnKeys(MessageChannel channel, ClientAddress? asker)
    {
        if (asker is { IsThisMachine: false } address)
        {
            yield return ($"range {address.WideRange}", _settings.CodesPerRange);
            if (channel == MessageChannel.Sms)
            {
                // A country's day is less than what a network may ask for by mail.
                yield return ($"sms of range {address.WideRange}", Math.Max(1, _settings.CodesPerRange / SmsAreDearer));
            }
        }
    }

    private int InvitationsOf(MessageChannel channel) =>
        Math.Max(1, Ordinary(channel == MessageChannel.Email ? _settings.Emails : _settings.Sms) / PartForInvitations);

    private static string InvitationsKey(MessageChannel channel) => $"all invitations by {channel}";

    private static string InvitationKey(string to) => $"invitation to {to.ToUpperInvariant()}";

    private byte[] DigestOf(string key) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(key));
}
