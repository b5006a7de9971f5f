namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>When whoever waits had his last turn, as a number that grows with each. For whoever holds the queue's lock.</summary>
internal sealed class PasswordServed
{
    private const int MostRemembered = 4096;

    private readonly Dictionary<string, long> _served = new(StringComparer.Ordinal);
    private long _turns;

    /// <summary>Somebody has a turn.</summary>
    public void Note(string who)
    {
        if (_served.Count >= MostRemembered)
        {
            // All are newcomers again.
            _served.Clear();
        }

        _served[who] = ++_turns;
    }

    /// <summary>When he had his last; 0 of a newcomer.</summary>
    public long At(string who) => _served.GetValueOrDefault(who);
}
