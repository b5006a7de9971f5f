using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>
/// Who may have a password hashed, and when. A hash is made to be slow, so that strangers who sign in could take every
/// processor: few are made at once, and few wait. The next turn is of the range that has had none for longest, so that a newcomer
/// waits behind nobody's flood, and where all places are taken the network with the most gives one to one with fewer. Whoever is logged
/// in waits in a line of his own, which no stranger shortens, and of two turns one is of those.
/// </summary>
internal sealed class PasswordQueue(IOptions<PasswordQueueOptions> options, TimeProvider time)
{
    private readonly PasswordQueueOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly PasswordLines _strangers = new(options.Value);
    private readonly PasswordLines _users = new(options.Value);
    private int _running;
    private bool _usersWereNext;

    private Problem Busy => new(
        StatusCodes.Status503ServiceUnavailable, ErrorTypes.Api, "sign_in_busy",
        "Too many people are signing up or in just now. Try again in a few seconds.", RetryAfter: _options.LongestWait);

    private Problem TooMany => new(
        StatusCodes.Status429TooManyRequests, ErrorTypes.RateLimit, "too_many_sign_ins",
        "Sign-ups or logins from your address, or to this account, are waiting already. Try again in a few seconds.",
        RetryAfter: _options.LongestWait);

    /// <summary>Waits for a turn of a stranger's; or says why there is none.</summary>
    /// <param name="address">Who asks.</param>
    /// <param name="account">For which account: its e-mail address or phone number.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    public Task<(PasswordTurn? Turn, Problem? Refused)> EnterAsync(
        ClientAddress address, string account, CancellationToken cancellationToken) =>
        // By ranges that one customer of a provider has: else who has very many networks would be a newcomer for ever, and the only one.
        // But a carrier's customers share one, so that they take turns in it by the networks that they have.
        EnterAsync(
            _strangers, new PasswordOwner(address.Block ?? address.WideRange, address.WideRange), account, cancellationToken);

    /// <summary>The same for a password that is given in a session.</summary>
    /// <param name="user">Whose session it is.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    public Task<(PasswordTurn? Turn, Problem? Refused)> EnterAsync(UserId user, CancellationToken cancellationToken) =>
        EnterAsync(_users, new PasswordOwner(user.Value, user.Value), user.Value, cancellationToken);

    /// <summary>A turn is over: the next has it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_strangers.IsEmpty && _users.IsEmpty)
            {
                _running--;
                return;
            }

            _usersWereNext = !_users.IsEmpty && (_strangers.IsEmpty || !_usersWereNext);
            (_usersWereNext ? _users : _strangers).TakeNext().Decided.SetResult(true);
        }
    }

    private async Task<(PasswordTurn? Turn, Problem? Refused)> EnterAsync(
        PasswordLines lines, PasswordOwner owner, string account, CancellationToken cancellationToken)
    {
        PasswordWaiter waiter;
        lock (_lock)
        {
            if (_running < _options.AtOnce)
            {
                _running++;
                lines.Note(owner);
                return (new PasswordTurn(this), null);
            }

            if (lines.HasTooMany(owner, account))
            {
                PasswordTelemetry.Refused("too_many");
                return (null, TooMany);
            }

            if (!lines.HasRoom(owner))
            {
                PasswordTelemetry.Refused("full");
                return (null, Busy);
            }

            waiter = lines.Add(owner, account);
        }

        return await WaitAsync(waiter, cancellationToken);
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
                    waiter.Lines.Remove(waiter);
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
}
