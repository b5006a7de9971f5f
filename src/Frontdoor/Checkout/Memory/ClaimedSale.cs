using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>A session as the page needs it on which what is held for its payers is claimed.</summary>
/// <param name="Sale">As its own page shows it, without what its merchant says of it.</param>
/// <param name="Session">As it is stored.</param>
/// <param name="Claims">What came for it that may be claimed, or what has become of that.</param>
internal sealed record ClaimedSale(CheckoutSale Sale, PaymentSessionView Session, RefundClaim[] Claims)
{
    // It holds who paid.
    public override string ToString() => Sale.ToString();
}
