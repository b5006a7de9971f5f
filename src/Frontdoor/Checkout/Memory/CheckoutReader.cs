using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Frontdoor.Checkout.Memory;

/// <summary>Reads a session as it is stored, without waking its grain, and who is to be paid.</summary>
internal sealed class CheckoutReader(
    IObjectLists stored, SaleDetailsSeal seal, MerchantBook merchants, MerchantMode mode, ITestClocks clocks)
{
    /// <summary>A session; null where there is none.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="isWhole">Whether what its merchant says of the sale is opened: nobody who has no secret is shown that.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CheckoutSale?> ReadAsync(PaymentSessionId session, bool isWhole, CancellationToken cancellationToken)
    {
        if (await stored.FindAsync(PaymentSessionViews.StateName, session.Value, cancellationToken) is not { } payload)
        {
            return null;
        }

        return await ShowAsync(PaymentSessionViews.Of(session.Value, payload), isWhole, cancellationToken);
    }

    /// <summary>
    /// A session with what its payers may claim of it; null where there is none. What its merchant says of the sale is not opened.
    /// </summary>
    public async Task<ClaimedSale?> ReadClaimsAsync(PaymentSessionId session, CancellationToken cancellationToken)
    {
        if (await stored.FindAsync(PaymentSessionViews.StateName, session.Value, cancellationToken) is not { } payload)
        {
            return null;
        }

        var (view, claims) = RefundClaimViews.Of(session.Value, payload);
        return await ShowAsync(view, isWhole: false, cancellationToken) is { } sale ? new ClaimedSale(sale, view, claims) : null;
    }

    private async Task<CheckoutSale?> ShowAsync(PaymentSessionView view, bool isWhole, CancellationToken cancellationToken)
    {
        if (await merchants.FindAsync(view.Merchant, user: null, cancellationToken) is not { } merchant)
        {
            return null;
        }

        var details = isWhole ? (await seal.OpenAsync(view.Merchant, [view.Details], cancellationToken))[0] : SaleDetailsJson.Empty;
        var shown = PaymentSessionAnswer.Of(
            PaymentSessionJson.Of(view, mode.IsLive), details with { CustomerEmail = null, Metadata = null });
        var clock = view.TestClock is { } lived ? await clocks.FindTimeAsync(lived, cancellationToken) : null;
        return new CheckoutSale(
            shown, view.Merchant, merchant.BusinessName, merchant.BrandColor, merchant.Logo, clock?.Now, view.IsHeldFor, view.IsGivenBack);
    }
}
