using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>
/// The sessions of which somebody looks at what is held for payers. Each is read once a second at most, whoever asks: a session with all
/// of its refunds can be long. What becomes of a refund is seen a moment later, and at once by whoever asked for it.
/// </summary>
internal sealed class ClaimMemory(CheckoutReader reader, TimeProvider time)
{
    private const int Most = 2_000;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private readonly CheckoutShelf<Lazy<Task<ClaimedSale?>>> _read = new(Most, Lasts, time);

    /// <summary>A session with what its payers may claim of it; null where there is none.</summary>
    public async Task<ClaimedSale?> FindAsync(PaymentSessionId session, CancellationToken cancellationToken)
    {
        var found = Get(session);
        try
        {
            // The read is everybody's: whoever goes away ends it for nobody.
            return await found.Value.WaitAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            lock (_changing)
            {
                _read.Remove(session, found);
            }

            throw;
        }
    }

    /// <summary>Something was done with it: whoever looks next sees that.</summary>
    public void Forget(PaymentSessionId session)
    {
        lock (_changing)
        {
            _read.Remove(session);
        }
    }

    private Lazy<Task<ClaimedSale?>> Get(PaymentSessionId session)
    {
        lock (_changing)
        {
            if (!_read.TryGet(session, out var found))
            {
                found = new Lazy<Task<ClaimedSale?>>(() => reader.ReadClaimsAsync(session, CancellationToken.None));
                _read.Put(session, found);
            }

            return found;
        }
    }
}
