using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>A session as its page needs it. What the payer is not shown is not in it.</summary>
/// <param name="Session">The session, without the customer's address and the merchant's notes.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="MerchantName">What he is called.</param>
/// <param name="BrandColor">His colour, or null.</param>
/// <param name="Logo">What his logo's file is called, or null.</param>
/// <param name="ClockNow">What its test clock said when it was read; null for one that lives by real time.</param>
/// <param name="IsHeldFor">Whether something that came for it is held for who paid it, and can be claimed.</param>
/// <param name="IsGivenBack">Whether all that was held for them went back to them, or is about to.</param>
internal sealed record CheckoutSale(
    PaymentSessionAnswer Session, MerchantId Merchant, string MerchantName, string? BrandColor, string? Logo,
    DateTimeOffset? ClockNow = null, bool IsHeldFor = false, bool IsGivenBack = false)
{
    // It holds what a merchant says of a sale.
    public override string ToString() => Session.Id;
}
