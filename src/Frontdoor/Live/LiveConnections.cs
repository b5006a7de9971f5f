using System.Collections.Immutable;

namespace StellarPay.Frontdoor.Live;

/// <summary>Who listens at this front door.</summary>
internal sealed class LiveConnections
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, ImmutableList<LiveConnection>> _byUser =
        ImmutableDictionary.Create<string, ImmutableList<LiveConnection>>(StringComparer.Ordinal);

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _byUser.IsEmpty;
            }
        }
    }

    /// <summary>
    /// Adds a connection; false if its user has as many as one may have, and none gives way. The session that has most gives one to a
    /// session that has fewer: whoever has found one cannot take all from its owner.
    /// </summary>
    public bool TryAdd(LiveConnection connection, int most)
    {
        lock (_lock)
        {
            var own = _byUser.GetValueOrDefault(connection.User, []);
            if (own.Count >= most)
            {
                if (FindGivingWay(own, connection) is not { } oldest)
                {
                    return false;
                }

                oldest.End();
                own = own.Remove(oldest);
                LiveTelemetry.Went();
            }

            _byUser = _byUser.SetItem(connection.User, own.Add(connection));
            LiveTelemetry.Came();
            return true;
        }
    }

    // Not where it would only be the other way round afterwards.
    private static LiveConnection? FindGivingWay(ImmutableList<LiveConnection> own, LiveConnection comes)
    {
        var most = own.GroupBy(other => other.Session).MaxBy(session => session.Count());
        return most is not null && most.Count() > own.Count(other => other.Session == comes.Session) + 1 ? most.First() : null;
    }

    public void Remove(LiveConnection connection)
    {
        lock (_lock)
        {
            var own = _byUser.GetValueOrDefault(connection.User, []);
            var left = own.Remove(connection);
            if (left.Count < own.Count)
            {
                LiveTelemetry.Went();
            }

            _byUser = left.IsEmpty ? _byUser.Remove(connection.User) : _byUser.SetItem(connection.User, left);
        }
    }

    public ImmutableList<LiveConnection> Of(string user)
    {
        lock (_lock)
        {
            return _byUser.GetValueOrDefault(user, []);
        }
    }
}
