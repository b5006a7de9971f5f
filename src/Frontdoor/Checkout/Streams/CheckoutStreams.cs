using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Streams;

/// <summary>Who listens to a session at this front door: so many of a session, and so many from an address.</summary>
internal sealed class CheckoutStreams(IOptions<CheckoutOptions> options, EventTail tail) : IEventFollower
{
    private const string Family = "payment_session.";

    private readonly Lock _changing = new();
    private readonly Dictionary<string, List<CheckoutListener>> _ofSessions = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, int> _ofAddresses = [];

    public bool IsIdle
    {
        get
        {
            lock (_changing)
            {
                return _ofSessions.Count == 0;
            }
        }
    }

    /// <summary>One more that listens; null where there are as many as may be. Whoever gets one disposes of it.</summary>
    public async Task<CheckoutListener?> OpenAsync(PaymentSessionId session, ClientAddress address, CancellationToken cancellationToken)
    {
        var listener = new CheckoutListener(session.Value, address.Network, Remove);
        if (!TryAdd(listener))
        {
            return null;
        }

        try
        {
            // After it was added, so that nobody who follows is idle.
            await tail.FollowAsync(this, cancellationToken);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public void Take(FeedEvent happened)
    {
        if (happened.Type.StartsWith(Family, StringComparison.Ordinal))
        {
            Tell(happened.Subject);
        }
    }

    public void Forget()
    {
        lock (_changing)
        {
            foreach (var listener in _ofSessions.Values.SelectMany(each => each))
            {
                listener.Tell();
            }
        }
    }

    private void Tell(string session)
    {
        lock (_changing)
        {
            foreach (var listener in _ofSessions.GetValueOrDefault(session) ?? [])
            {
                listener.Tell();
            }
        }
    }

    private bool TryAdd(CheckoutListener listener)
    {
        lock (_changing)
        {
            var ofSession = _ofSessions.GetValueOrDefault(listener.Session) ?? [];
            var ofAddress = _ofAddresses.GetValueOrDefault(listener.Address);
            if (ofSession.Count >= options.Value.StreamsPerSession || ofAddress >= options.Value.StreamsPerAddress)
            {
                return false;
            }

            ofSession.Add(listener);
            _ofSessions[listener.Session] = ofSession;
            _ofAddresses[listener.Address] = ofAddress + 1;
            return true;
        }
    }

    private void Remove(CheckoutListener listener)
    {
        lock (_changing)
        {
            var ofSession = _ofSessions[listener.Session];
            ofSession.Remove(listener);
            if (ofSession.Count == 0)
            {
                _ofSessions.Remove(listener.Session);
            }

            if (--_ofAddresses[listener.Address] == 0)
            {
                _ofAddresses.Remove(listener.Address);
            }
        }
    }
}

/// <summary>
/// One who listens to a session. He is told that something changed, and looks himself: however much happens, nothing heaps up.
/// </summary>
internal sealed class CheckoutListener(string session, ulong address, Action<CheckoutListener> remove) : IDisposable
{
    private readonly Channel<bool> _told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private int _disposed;

    public string Session { get; } = session;

    public ulong Address { get; } = address;

    public void Tell() => _told.Writer.TryWrite(true);

    /// <summary>Waits until something changed, or for so long.</summary>
    public async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _told.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing happened.
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            remove(this);
        }
    }
}
