using System.Collections.Concurrent;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>
/// The sessions whose pages are open at this front door. Each is read once, whoever asks at the same time, and kept until an event says
/// that it changed: however many poll, nothing is asked of a grain or the database. What raises no event is seen within a minute.
/// </summary>
internal sealed class CheckoutMemory(CheckoutReader reader, EventTail tail, TimeProvider time) : IEventFollower
{
    /// <summary>The most that are kept; beyond, those that were read first give way.</summary>
    public const int MostSessions = 20_000;

    private const string Family = "payment_session.";
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<PaymentSessionId, Entry> _entries = new();
    private readonly ConcurrentQueue<(PaymentSessionId Session, Entry Entry)> _order = new();
    private long _usedAt;

    public bool IsIdle => time.GetElapsedTime(Volatile.Read(ref _usedAt)) > IdleAfter;

    /// <summary>A session; null where there is none.</summary>
    public async Task<CheckoutSale?> FindAsync(PaymentSessionId session, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        // Before it is read: what changes from then on is heard of.
        await tail.FollowAsync(this, cancellationToken);
        var entry = Get(session);
        try
        {
            // The read is everybody's: whoever goes away ends it for nobody.
            var sale = await entry.Sale.Value.WaitAsync(cancellationToken);
            if (sale is null)
            {
                // What there is not may be made next.
                Forget(session, entry);
            }

            return sale;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            Forget(session, entry);
            throw;
        }
    }

    public void Take(FeedEvent happened)
    {
        if (happened.Type.StartsWith(Family, StringComparison.Ordinal) && PaymentSessionId.TryParse(happened.Subject, out var session))
        {
            _entries.TryRemove(session, out _);
        }
    }

    public void Forget()
    {
        _entries.Clear();
        _order.Clear();
    }

    private Entry Get(PaymentSessionId session)
    {
        if (_entries.TryGetValue(session, out var entry) && time.GetElapsedTime(entry.Since) < Lasts)
        {
            return entry;
        }

        var fresh = new Entry(
            time.GetTimestamp(),
            new Lazy<Task<CheckoutSale?>>(() => reader.ReadAsync(session, CancellationToken.None)));
        var got = entry is null ? _entries.GetOrAdd(session, fresh)
            : _entries.TryUpdate(session, fresh, entry) ? fresh
            : _entries.GetOrAdd(session, fresh);
        if (ReferenceEquals(got, fresh))
        {
            _order.Enqueue((session, fresh));
            MakeRoom();
        }

        return got;
    }

    private void MakeRoom()
    {
        while (_order.Count > MostSessions && _order.TryDequeue(out var oldest))
        {
            Forget(oldest.Session, oldest.Entry);
        }
    }

    private void Forget(PaymentSessionId session, Entry entry) =>
        _entries.TryRemove(new KeyValuePair<PaymentSessionId, Entry>(session, entry));

    private sealed record Entry(long Since, Lazy<Task<CheckoutSale?>> Sale);
}
