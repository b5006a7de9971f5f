using System.Collections.Concurrent;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// The sessions whose access tokens would still hold though the session is over, as far as this front door has been told.
/// Ordinary reads are checked against this alone. It says itself when it does not know enough for that.
/// </summary>
/// <param name="machine">How old what we know is.</param>
/// <param name="business">How long it is of use.</param>
internal sealed class EndedSessions(TimeProvider machine, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>More are not remembered: then every request asks the database.</summary>
    public const int Capacity = 200_000;

    /// <summary>For how long a session is remembered beyond its last access token: for clocks that differ.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>No access token that was given before a session's end holds longer, whatever the settings were by then.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(AuthOptions.MostAccessTokenMinutes) + Margin;

    /// <summary>What was learned longer ago is not enough; with it a session that is over reads for less than five seconds.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(4);

    // Until when their last access tokens hold.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);
    private long _asOf;
    private DateTimeOffset _forgotAt;
    private volatile bool _known;

    /// <summary>Whether nothing is missing that was ended a few seconds ago or earlier.</summary>
    public bool AreCurrent => _known && machine.GetElapsedTime(Volatile.Read(ref _asOf)) <= Stale;

    /// <summary>Whether all that has been added makes the whole; if not, it must be loaded.</summary>
    public bool AreWhole => _known;

    public bool Contains(string session) => _ended.ContainsKey(session);

    /// <summary>One was ended.</summary>
    /// <param name="session">Which.</param>
    /// <param name="until">When the last access token is over that was given in it.</param>
    public void Add(string session, DateTimeOffset until)
    {
        if (IsOver(until))
        {
            return;
        }

        if (_ended.ContainsKey(session) || _ended.Count < Capacity)
        {
            _ended[session] = until;
        }
        else
        {
            // From now on something is missing, until it is loaded anew.
            _known = false;
        }
    }

    /// <summary>Everything is here that was committed at a moment.</summary>
    /// <param name="asOf">The moment, a timestamp of the machine's clock.</param>
    public void Caught(long asOf)
    {
        Volatile.Write(ref _asOf, asOf);
        Forget();
    }

    /// <summary>Takes in all that was ended before; from now on it is enough to add. Not if there is too much of it.</summary>
    public void Load(IReadOnlyCollection<(string Session, DateTimeOffset Until)> all, long asOf)
    {
        Forget();
        foreach (var (session, until) in all)
        {
            Add(session, until);
        }

        Volatile.Write(ref _asOf, asOf);
        _known = _ended.Count < Capacity;
    }

    // All are gone through, so not at each look.
    private void Forget()
    {
        var now = business.GetUtcNow();
        if (now < _forgotAt + TimeSpan.FromMinutes(1))
        {
            return;
        }

        _forgotAt = now;
        foreach (var ended in _ended.Where(ended => IsOver(ended.Value)))
        {
            _ended.TryRemove(ended);
        }
    }

    private bool IsOver(DateTimeOffset until) => until + Margin <= business.GetUtcNow();
}
