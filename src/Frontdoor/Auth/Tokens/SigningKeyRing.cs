using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// The keys that sign access tokens, as all front doors share them. The newest signs; the next is published a day
/// before it signs, so that whoever caches the key set knows it in time; old ones stay until their tokens have ended.
/// </summary>
internal sealed class SigningKeyRing(
    SigningKeyStore store,
    IOptions<AuthOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    TimeProvider time)
{
    private static readonly TimeSpan ReloadEvery = TimeSpan.FromMinutes(5);

    // A made-up key id makes us look at the database, but not more often than this.
    private static readonly TimeSpan ReloadAtMostEvery = TimeSpan.FromSeconds(2);

    // A database that hangs is asked once for all who wait, and not again at once.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PublishAhead = TimeSpan.FromDays(1);
    private const int MaxRaces = 5;

    private readonly Lock _gate = new();
    private volatile Snapshot? _snapshot;
    private Task<Snapshot>? _reload;
    private long _failedAt;

    private sealed record Snapshot(IReadOnlyList<SigningKey> Keys, string[] Ids, long ReadAt);

    /// <summary>The key to sign with now.</summary>
    public async Task<SigningKey> GetSigningKeyAsync(CancellationToken cancellationToken)
    {
        var snapshot = await CurrentAsync(cancellationToken);
        return SignerIn(snapshot) ?? SignerIn(await ReloadAsync(snapshot, cancellationToken))
            ?? throw new InvalidOperationException("No signing key could be made.");
    }

    /// <summary>The key of a token, if it is still accepted.</summary>
    public async Task<SigningKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var snapshot = await CurrentAsync(cancellationToken);
        var key = KeyIn(snapshot, id);
        if (key is null && !snapshot.Ids.Contains(id))
        {
            key = KeyIn(await NotOlderAsync(ReloadAtMostEvery, cancellationToken), id);
        }

        return key is not null && key.IsAcceptedAt(business.GetUtcNow()) ? key : null;
    }

    /// <summary>All keys that sign now, will, or still have tokens about.</summary>
    public async Task<IReadOnlyList<SigningKey>> GetPublishedAsync(CancellationToken cancellationToken)
    {
        var snapshot = await CurrentAsync(cancellationToken);
        if (SignerIn(snapshot) is null)
        {
            snapshot = await ReloadAsync(snapshot, cancellationToken);
        }

        var now = business.GetUtcNow();
        return [.. snapshot.Keys.Where(key => key.IsAcceptedAt(now))];
    }

    private SigningKey? SignerIn(Snapshot snapshot)
    {
        var now = business.GetUtcNow();
        return snapshot.Keys.LastOrDefault(key => key.SignsAt(now));
    }

    private static SigningKey? KeyIn(Snapshot snapshot, string id) => snapshot.Keys.FirstOrDefault(key => key.Id == id);

    // Keys hold for days: what was read before serves while the database does not answer.
    private async ValueTask<Snapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_snapshot is not { } known)
        {
            return await ReloadAsync(seen: null, cancellationToken);
        }

        try
        {
            return await NotOlderAsync(ReloadEvery, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return known;
        }
    }

    private async ValueTask<Snapshot> NotOlderAsync(TimeSpan oldest, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        return snapshot is not null && time.GetElapsedTime(snapshot.ReadAt) < oldest
            ? snapshot
            : await ReloadAsync(snapshot, cancellationToken);
    }

    // One for all who wait: who leaves does not end it, and when it fails all of them know.
    private Task<Snapshot> ReloadAsync(Snapshot? seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_snapshot is { } fresh && fresh != seen)
            {
                return Task.FromResult(fresh);
            }

            if (_reload is null || (_reload.IsCompleted && !(_reload.IsFaulted && time.GetElapsedTime(_failedAt) < RestAfterFailure)))
            {
                _reload = Task.Run(ReadAndKeepAsync, CancellationToken.None);
            }

            return _reload.WaitAsync(cancellationToken);
        }
    }

    private async Task<Snapshot> ReadAndKeepAsync()
    {
        try
        {
            return _snapshot = await ReadAndRotateAsync(CancellationToken.None);
        }
        catch
        {
            _failedAt = time.GetTimestamp();
            throw;
        }
    }

    private async Task<Snapshot> ReadAndRotateAsync(CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var readAt = time.GetTimestamp();
            var (keys, ids) = await store.ReadAsync(cancellationToken);
            if (NextOf(keys) is not { } next)
            {
                return new Snapshot(keys, ids, readAt);
            }

            // Added by us or by another front door: either way the table is read again.
            await store.TryAddAsync(next, business.GetUtcNow(), ids, cancellationToken);
        }

        throw new InvalidOperationException("The signing keys changed each time they were read.");
    }

    /// <summary>The key that must be added now, or null.</summary>
    private SigningKey? NextOf(IReadOnlyList<SigningKey> keys)
    {
        var now = Seconds(business.GetUtcNow());
        var lastEnd = keys.Where(key => key.SignsUntil > now).Select(key => (DateTimeOffset?)key.SignsUntil).Max();
        if (lastEnd is { } end && end - now > PublishAhead && keys.Any(key => key.SignsAt(now)))
        {
            return null;
        }

        var from = keys.Any(key => key.SignsAt(now)) ? lastEnd ?? now : now;
        var until = from + options.Value.SigningKeyLifetime;
        var acceptsUntil = until + options.Value.AccessTokenLifetime + (2 * AccessTokenHandler.ClockSkew);
        var id = $"key_{from:yyyyMMdd}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        return new SigningKey(id, RSA.Create(SigningKey.Bits), from, until, acceptsUntil);
    }

    // The times are authenticated in whole seconds.
    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
