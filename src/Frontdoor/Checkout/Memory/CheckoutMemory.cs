using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>
/// The sessions whose pages are open at this front door. Each is read once, whoever asks at the same time, and kept until an event says
/// that it changed: however many poll, nothing is asked of a grain or the database. What raises no event is seen within a minute. Who has
/// no secret can name any id: what is kept for those has its own places, and so has what there is not, and what has ended, of which there
/// are ever more and nobody waits for.
/// </summary>
internal sealed class CheckoutMemory(CheckoutReader reader, EventTail tail, TimeProvider time) : IEventFollower
{
    private const int MostWhole = 20_000;
    private const int MostBare = 5_000;
    private const int MostEnded = 2_000;
    private const int MostNothings = 5_000;
    private const string Family = "payment_session.";
    private const string Refunds = "refund.";
    private const string Open = "created";
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan NothingLasts = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    private readonly Lock _changing = new();
    private readonly CheckoutShelf<Lazy<Task<CheckoutSale?>>> _whole = new(MostWhole, Lasts, time);
    private readonly CheckoutShelf<Lazy<Task<CheckoutSale?>>> _bare = new(MostBare, Lasts, time);
    private readonly CheckoutShelf<Lazy<Task<CheckoutSale?>>> _ended = new(MostEnded, Lasts, time);
    private readonly CheckoutShelf<Lazy<Task<CheckoutSale?>>> _nothings = new(MostNothings, NothingLasts, time);
    private long _usedAt;

    public bool IsIdle => time.GetElapsedTime(Volatile.Read(ref _usedAt)) > IdleAfter;

    /// <summary>A session; null where there is none.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="isWhole">Whether who asks has its secret: else what its merchant says of the sale may be missing.</param>
    /// <param name="cancellationToken">Cancels the wait, not the read.</param>
    public async Task<CheckoutSale?> FindAsync(PaymentSessionId session, bool isWhole, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        // Before it is read: what changes from then on is heard of.
        await tail.FollowAsync(this, cancellationToken);
        var found = Get(session, isWhole);
        try
        {
            // The read is everybody's: whoever goes away ends it for nobody.
            var sale = await found.Value.WaitAsync(cancellationToken);
            if (sale is null)
            {
                RememberNothing(session, found);
            }
            else
            {
                Place(session, found, sale);
            }

            return sale;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            Forget(session, found);
            throw;
        }
    }

    public void Take(FeedEvent happened)
    {
        // A page offers what is held, and not any more what was given back.
        if ((IsOf(happened, Family) || IsOf(happened, Refunds)) && PaymentSessionId.TryParse(happened.Subject, out var session))
        {
            lock (_changing)
            {
                _whole.Remove(session);
                _bare.Remove(session);
                _ended.Remove(session);
                // What there was not may have been made.
                _nothings.Remove(session);
            }
        }
    }

    public void Forget()
    {
        lock (_changing)
        {
            _whole.Clear();
            _bare.Clear();
            _ended.Clear();
            _nothings.Clear();
        }
    }

    private static bool IsOf(FeedEvent happened, string family) => happened.Type.StartsWith(family, StringComparison.Ordinal);

    private Lazy<Task<CheckoutSale?>> Get(PaymentSessionId session, bool isWhole)
    {
        lock (_changing)
        {
            if (_whole.TryGet(session, out var found) || _ended.TryGet(session, out found)
                || (!isWhole && (_bare.TryGet(session, out found) || _nothings.TryGet(session, out found))))
            {
                return found;
            }

            found = new Lazy<Task<CheckoutSale?>>(() => reader.ReadAsync(session, isWhole, CancellationToken.None));
            (isWhole ? _whole : _bare).Put(session, found);
            return found;
        }
    }

    // Only where it is still what is remembered: else an event has said since that there is something.
    private void RememberNothing(PaymentSessionId session, Lazy<Task<CheckoutSale?>> nothing)
    {
        lock (_changing)
        {
            if (_bare.Remove(session, nothing))
            {
                _nothings.Put(session, nothing);
            }

            _whole.Remove(session, nothing);
        }
    }

    // Only what was read whole: it is shown to all, and takes the better places.
    private void Place(PaymentSessionId session, Lazy<Task<CheckoutSale?>> found, CheckoutSale sale)
    {
        lock (_changing)
        {
            if (sale.Session.Status is Open)
            {
                _whole.Own(session, found, sale.Merchant.Value);
            }
            else if (_whole.Remove(session, found))
            {
                _ended.Put(session, found);
            }
        }
    }

    private void Forget(PaymentSessionId session, Lazy<Task<CheckoutSale?>> found)
    {
        lock (_changing)
        {
            _whole.Remove(session, found);
            _bare.Remove(session, found);
            _ended.Remove(session, found);
        }
    }
}
