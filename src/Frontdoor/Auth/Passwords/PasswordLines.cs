namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>
/// Who waits, in a line for each range of addresses or user: the strangers, or those who are logged in. Strangers displace strangers
/// only. For whoever holds the queue's lock.
/// </summary>
internal sealed class PasswordLines(PasswordQueueOptions options)
{
    // A line's places, in those of one of its parts: as many as other limits give a /40 of a /48's.
    private const int PartsOfLine = 4;

    private readonly Dictionary<string, PasswordLine> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly PasswordServed _served = new();
    private readonly PasswordServed _servedParts = new();
    private long _arrived;
    private int _waiting;

    public bool IsEmpty => _waiting == 0;

    /// <summary>An owner has a turn.</summary>
    public void Note(PasswordOwner owner)
    {
        _served.Note(owner.Line);
        _servedParts.Note(owner.Part);
    }

    /// <summary>The next that has a turn: of the line, and in it of the part, that has had none for longest.</summary>
    public PasswordWaiter TakeNext()
    {
        var line = _lines.Values.MinBy(other => (_served.At(other.Name), other.Arrived))!;
        // Of those that are alike the first in the line.
        var next = line.Waiting.MinBy(waiter => _servedParts.At(waiter.Owner.Part))!;
        Note(next.Owner);
        Remove(next);
        return next;
    }

    /// <summary>Whether one more would be too many of an owner, or of his line or the account though somebody gave way.</summary>
    public bool HasTooMany(PasswordOwner owner, string account)
    {
        var line = _lines.GetValueOrDefault(owner.Line);
        if (line?.CountOfPart(owner.Part, account: null) >= options.MostWaitingPerAddress
            || line?.CountOfPart(owner.Part, account) >= options.MostWaitingPerAccount)
        {
            return true;
        }

        // Nobody gives way for one who is refused all the same: all who would are found first.
        PasswordWaiter? ofAccount = null;
        if (_accounts.GetValueOrDefault(account) >= options.MostWaitingPerAccount)
        {
            ofAccount = Find(owner, account) ?? FindWithin(line, owner.Part, account);
            if (ofAccount is null)
            {
                return true;
            }
        }

        PasswordWaiter? ofLine = null;
        if (line?.Waiting.Count >= (long)options.MostWaitingPerAddress * PartsOfLine && ofAccount?.Line != line)
        {
            ofLine = FindWithin(line, owner.Part, account: null);
            if (ofLine is null)
            {
                return true;
            }
        }

        Displace(ofAccount);
        Displace(ofLine);
        return false;
    }

    /// <summary>Whether there is a place, or somebody gives way.</summary>
    public bool HasRoom(PasswordOwner owner)
    {
        if (_waiting < options.MostWaiting)
        {
            return true;
        }

        var last = Find(owner, account: null) ?? FindWithin(_lines.GetValueOrDefault(owner.Line), owner.Part, account: null);
        Displace(last);
        return last is not null;
    }

    public PasswordWaiter Add(PasswordOwner owner, string account)
    {
        if (!_lines.TryGetValue(owner.Line, out var line))
        {
            line = new PasswordLine(owner.Line, ++_arrived);
            _lines.Add(owner.Line, line);
        }

        var waiter = new PasswordWaiter(this, line, owner, account);
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
            _lines.Remove(waiter.Line.Name);
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
    private PasswordWaiter? Find(PasswordOwner owner, string? account)
    {
        var own = _lines.TryGetValue(owner.Line, out var line) ? line.CountOf(account) : 0;
        var most = _lines.Values.Where(other => other.CountOf(account) > own)
            .MaxBy(other => (other.CountOf(account), _served.At(other.Name)));
        return most is null || (most.CountOf(account) == own + 1 && _served.At(owner.Line) >= _served.At(most.Name))
            ? null
            : LastOfMost(most, account);
    }

    // The same among the parts of one line.
    private PasswordWaiter? FindWithin(PasswordLine? line, string part, string? account)
    {
        if (line is null || LastOfMost(line, account) is not { } last)
        {
            return null;
        }

        var own = line.CountOfPart(part, account);
        var most = line.CountOfPart(last.Owner.Part, account);
        return most <= own || (most == own + 1 && _servedParts.At(part) >= _servedParts.At(last.Owner.Part)) ? null : last;
    }

    // Of the part that has most, or of those the one that had a turn last, which came last; or of those for one account.
    private PasswordWaiter? LastOfMost(PasswordLine line, string? account) => line.Of(account).Reverse()
        .MaxBy(waiter => (line.CountOfPart(waiter.Owner.Part, account), _servedParts.At(waiter.Owner.Part)));

    private void Displace(PasswordWaiter? last)
    {
        if (last is null)
        {
            return;
        }

        Remove(last);
        last.Decided.SetResult(false);
        PasswordTelemetry.Refused("displaced");
    }
}
