using StellarPay.Frontdoor.Checkout.Memory;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>Somebody at the pages on which a session is paid from a wallet here.</summary>
/// <param name="Context">His request.</param>
/// <param name="Sale">The session.</param>
/// <param name="Links">Where its pages are.</param>
/// <param name="Ticket">What he brings; null for nothing.</param>
internal sealed record PayerVisit(HttpContext Context, CheckoutSale Sale, WalletPayLinks Links, PayerTicket? Ticket)
{
    public string Id => Sale.Session.Id;

    public CancellationToken Cancelled => Context.RequestAborted;
}
