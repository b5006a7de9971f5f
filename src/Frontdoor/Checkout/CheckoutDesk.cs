using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>Who is shown what of a session: all that its page has to whoever has the secret, little and not for long to others.</summary>
internal sealed class CheckoutDesk(
    CheckoutSecrets secrets, CheckoutMemory memory, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private static readonly TimeSpan BareLasts = TimeSpan.FromHours(1);

    /// <summary>The moment, by the clock that a session lives by.</summary>
    public DateTimeOffset NowOf(CheckoutSale sale) => sale.ClockNow ?? business.GetUtcNow();

    /// <summary>
    /// The session, and whether all of it may be shown; null where nothing may. Whether the secret is right is known before anything is
    /// read.
    /// </summary>
    public async Task<(CheckoutSale Sale, bool IsWhole)?> FindAsync(string id, string? key, CancellationToken cancellationToken)
    {
        if (!PaymentSessionId.TryParse(id, out var session) || (key is not null && !secrets.IsPayKey(session, key)))
        {
            return null;
        }

        if (await memory.FindAsync(session, isWhole: key is not null, cancellationToken) is not { } sale)
        {
            return null;
        }

        return key is not null || CheckoutStates.EndOf(sale.Session) is not { } end || NowOf(sale) <= end + BareLasts
            ? (sale, key is not null)
            : null;
    }

    /// <summary>The same for whoever has the secret alone.</summary>
    public async Task<CheckoutSale?> FindWholeAsync(string id, string? key, CancellationToken cancellationToken) =>
        key is not null && await FindAsync(id, key, cancellationToken) is { } found ? found.Sale : null;
}
