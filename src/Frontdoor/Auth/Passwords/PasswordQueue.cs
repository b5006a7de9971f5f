using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>
/// Who may have a password hashed, and when. A hash is made to be slow, so that strangers who sign in could take every
/// processor: few are made at once, and few wait. The next turn is of the address that has had none for longest, so that a newcomer
/// waits behind nobody's flood, and where all places are taken the address with the most gives one to one with fewer.
/// </summary>
internal sealed class PasswordQueue(IOptions<PasswordQueueOptions> options, TimeProvider time)
{
    private const int MostRemembered = 4096;

    private readonly PasswordQueueOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientAddress, PasswordLine> _lines = [];
    private readonly Dictionary<string, int> _accounts = new(StringComparer.OrdinalIgnoreCase);

    // When addresses had their last turn, as a number that grows with each.
    private readonly Dictionary<ClientAddress, long> _served = [];
    private long _turns;
    private int _running;
    private int _waiting;

    private Problem Busy => new(
        StatusCodes.Status503ServiceUnavailable, ErrorTypes.Api, "sign_in_busy",
        "Too many people are signing up or in just now. Try again in a few seconds.", RetryAfter: _options.LongestWait);

    private Problem TooMany => new(
        StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit, "too_many_sign_ins",
        "Sign-ups or logins from your address, or to this account, are waiting already. Try again in a few seconds.",
        RetryAfter: _options.LongestWait);

    /// <summary>Waits for a turn; or says why there is none.</summary>
    /// <param name="address">Who asks.</param>
    /// <param name="account">For which account: its e-mail address or phone number.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    public async Task<(PasswordTurn? Turn, Problem? Refused)> EnterAsync(
        ClientAddress address, string account, CancellationToken cancellationToken)
    {
        // Else who has very many networks would be a newcomer for ever, and the only one.
        address = address.Site;
        PasswordWaiter waiter;
        lock (_lock)
        {
            if (_running < _options.AtOnce)
            {
                _running++;
                Note(address);
                return (new PasswordTurn(this), null);
            }

            if (HasTooMany(address, account))
            {
                PasswordTelemetry.Refused("too_many");
                return (null, TooMany);
            }

            if (_waiting >= _options.MostWaiting && !MakeRoom(address))
            {
                PasswordTelemetry.Refused("full");
                return (null, Busy);
            }

            waiter = Add(address, account);
        }

        return await WaitAsync(waiter, cancellationToken);
    }

    /// <summary>A turn is over: the next has it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            var line = _lines.Values.MinBy(other => (_served.GetValueOrDefault(other.Address), other.Arrived));
            if (line is null)
            {
                _running--;
                return;
            }

            var next = line.Waiting.First!.Value;
            Note(line.Address);
            Remove(next);
            next.Decided.SetResult(true);
        }
    }

    private async Task<(PasswordTurn? Turn, Problem? Refused)> WaitAsync(PasswordWaiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Decided.Task.WaitAsync(_options.LongestWait, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                // What was decided in this moment stays so.
                if (!waiter.Decided.Task.IsCompleted)
                {
                    Remove(waiter);
                    waiter.Decided.SetResult(false);
                    PasswordTelemetry.Refused(exception is TimeoutException ? "late" : "left");
                }
            }
        }

        if (!await waiter.Decided.Task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, Busy);
        }

        return (new PasswordTurn(this), null);
    }

    private void Note(ClientAddress address)
    {
        if (_served.Count >= MostRemembered)
        {
            // All are newcomers again.
            _served.Clear();
        }

        _served[address] = ++_turns;
    }

    private bool HasTooMany(ClientAddress address, string account) =>
        (_lines.TryGetValue(address, out var line) && line.Waiting.Count >= _options.MostWaitingPerAddress)
        || _accounts.GetValueOrDefault(account) >= _options.MostWaitingPerAccount;

    // An address that has fewer waiting takes the last place of the one that has most.
    private bool MakeRoom(ClientAddress address)
    {
        var own = _lines.TryGetValue(address, out var line) ? line.Waiting.Count : 0;
        var most = _lines.Values.MaxBy(other => other.Waiting.Count);
        if (most is null || most.Waiting.Count <= own + 1)
        {
            return false;
        }

        var last = most.Waiting.Last!.Value;
        Remove(last);
        last.Decided.SetResult(false);
        PasswordTelemetry.Refused("displaced");
        return true;
    }

    private PasswordWaiter Add(ClientAddress address, string account)
    {
        if (!_lines.TryGetValue(address, out var line))
        {
            line = new PasswordLine(address, ++_turns);
            _lines.Add(address, line);
        }

        var waiter = new PasswordWaiter(line, account);
        line.Waiting.AddLast(waiter);
        _accounts[account] = _accounts.GetValueOrDefault(account) + 1;
        _waiting++;
        return waiter;
    }

    private void Remove(PasswordWaiter waiter)
    {
        waiter.Line.Waiting.Remove(waiter);
        if (waiter.Line.Waiting.Count == 0)
        {
            _lines.Remove(waiter.Line.Address);
        }

        if (--_accounts[waiter.Account] == 0)
        {
            _accounts.Remove(waiter.Account);
        }

        _waiting--;
    }
}
