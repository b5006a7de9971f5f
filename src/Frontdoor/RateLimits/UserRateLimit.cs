using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// What one user may ask; and much less while he has confirmed nothing, for such accounts can be had without end. Who has confirmed
/// something stays so, and is asked for once: where the small limit is used up.
/// </summary>
internal sealed class UserRateLimit(RateLimitTable table, NpgsqlDataSource database, IOptions<RateLimitOptions> options, TimeProvider time)
{
    // Forgotten all at once when they are more: then they are asked for once more.
    private const int MostConfirmed = 100_000;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly RateLimit _all = RateLimit.AMinute("api", options.Value.ApiPerUser);
    private readonly RateLimit _unconfirmed = RateLimit.AMinute("api_unconfirmed", options.Value.ApiPerUnconfirmedUser);
    private readonly ConcurrentDictionary<string, bool> _confirmed = new(StringComparer.Ordinal);

    // Whoever goes on though he is refused asks the database no more often than so.
    private readonly PlaceTable _asked = new(AskAgain, AskAgain, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<bool>> _looking = new(StringComparer.Ordinal);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public async ValueTask<TimeSpan?> TakeAsync(string user) =>
        !_confirmed.ContainsKey(user) && await table.TakeAsync(_unconfirmed, user) is { } wait && !await HasConfirmedAsync(user)
            ? wait
            : await table.TakeAsync(_all, user);

    // Of many requests at once one looks, and all wait for that.
    private Task<bool> HasConfirmedAsync(string user)
    {
        lock (_lock)
        {
            if (_confirmed.ContainsKey(user))
            {
                return Task.FromResult(true);
            }

            if (_looking.TryGetValue(user, out var looking))
            {
                return looking;
            }

            return _asked.Take((uint)user.GetHashCode(StringComparison.Ordinal)) is null
                ? _looking[user] = LookAsync(user)
                : Task.FromResult(false);
        }
    }

    private async Task<bool> LookAsync(string user)
    {
        // Not while the lock is held.
        await Task.Yield();
        var confirmed = false;
        try
        {
            await using var look = database.CreateCommand(
                "SELECT email_confirmed OR phone_number_confirmed FROM identity.users WHERE id = $1");
            look.Parameters.AddWithValue(user);
            return confirmed = await look.ExecuteScalarAsync() is true;
        }
        finally
        {
            lock (_lock)
            {
                _looking.Remove(user);
                if (confirmed)
                {
                    Remember(user);
                }
            }
        }
    }

    private void Remember(string user)
    {
        if (_confirmed.Count >= MostConfirmed)
        {
            _confirmed.Clear();
        }

        _confirmed[user] = true;
    }
}
