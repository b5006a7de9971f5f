namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>
/// Who waits, in a line for each owner: the strangers, or those who are logged in. Strangers displace strangers only. For whoever holds the
/// queue's lock.
/// </summary>
internal sealed class PasswordLines(PasswordQueueOptions options)
{
    private const int MostRemembered = 4096;

    private readonly Dictionary<string, PasswordLine> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _accounts = new(StringComparer.OrdinalIgnoreCase);

    // When owners had their last turn, as a number that grows with each.
    private readonly Dictionary<string, long> _served = new(StringComparer.Ordinal);
    private long _turns;
    private int _waiting;

    public bool IsEmpty => _waiting == 0;

    /// <summary>An owner has a turn.</summary>
    public void Note(string owner)
    {
        if (_served.Count >= MostRemembered)
        {
            // All are newcomers again.
            _served.Clear();
        }

        _served[owner] = ++_turns;
    }

    /// <summary>The next that has a turn: of the owner who has had none for longest.</summary>
    public PasswordWaiter TakeNext()
    {
        var line = _lines.Values.MinBy(other => (ServedAt(other.Owner), other.Arrived))!;
        var next = line.Waiting.First!.Value;
        Note(line.Owner);
        Remove(next);
        return next;
    }

    /// <summary>Whether one more of an owner would be too many of his, or of the account's though somebody gave way.</summary>
    public bool HasTooMany(string owner, string account)
    {
        var own = _lines.GetValueOrDefault(owner);
        return own?.Waiting.Count >= options.MostWaitingPerAddress
            || own?.CountOf(account) >= options.MostWaitingPerAccount
            || (_accounts.GetValueOrDefault(account) >= options.MostWaitingPerAccount && !MakeRoom(owner, account));
    }

    /// <summary>Whether there is a place, or somebody gives way.</summary>
    public bool HasRoom(string owner) => _waiting < options.MostWaiting || MakeRoom(owner, account: null);

    public PasswordWaiter Add(string owner, string account)
    {
        if (!_lines.TryGetValue(owner, out var line))
        {
            line = new PasswordLine(owner, ++_turns);
            _lines.Add(owner, line);
        }

        var waiter = new PasswordWaiter(this, line, account);
        line.Waiting.AddLast(waiter);
        _accounts[account] = _accounts.GetValueOrDefault(account) + 1;
        _waiting++;
        return waiter;
    }

    public void Remove(PasswordWaiter waiter)
    {
        waiter.Line.Waiting.Remove(waiter);
        if (waiter.Line.Waiting.Count == 0)
        {
            _lines.Remove(waiter.Line.Owner);
        }

        if (--_accounts[waiter.Account] == 0)
        {
            _accounts.Remove(waiter.Account);
        }

        _waiting--;
    }

    // The line that has most gives its last place to one that has fewer. Where it would only be the other way round afterwards, as where
    // all have one, it is the line that had a turn last that gives way, and only to one that has had none for longer: else as many slow
    // strangers as there are places would keep everybody else out.
    private bool MakeRoom(string owner, string? account)
    {
        var own = _lines.TryGetValue(owner, out var line) ? line.CountOf(account) : 0;
        var most = _lines.Values.Where(other => other.CountOf(account) > own)
            .MaxBy(other => (other.CountOf(account), ServedAt(other.Owner)));
        if (most is null || (most.CountOf(account) == own + 1 && ServedAt(owner) >= ServedAt(most.Owner)))
        {
            return false;
        }

        var last = most.LastOf(account);
        Remove(last);
        last.Decided.SetResult(false);
        PasswordTelemetry.Refused("displaced");
        return true;
    }

    private long ServedAt(string owner) => _served.GetValueOrDefault(owner);
}
