using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// Opens the session by which somebody who has an invoice's link pays it: the one that there is, or one that is made for it.
/// </summary>
internal sealed class InvoiceTill(
    InvoiceStore store, SessionMaker maker, TimeProvider system, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private const int Looks = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>The session to be paid; or why there is none.</summary>
    public async Task<(PaymentSessionId? Session, Problem? Problem)> OpenAsync(
        Invoice invoice, SaleDetailsJson said, Merchant merchant, CancellationToken cancellationToken)
    {
        var caller = new MerchantCaller(merchant.Id, merchant.IsLive, merchant.Tier, merchant.Status, MerchantPermissions.None);
        for (var look = 1; ; look++)
        {
            if (await store.SessionOfAsync(invoice.Id, cancellationToken) is { } there)
            {
                return (there, null);
            }

            var claim = new InvoiceClaim(store, invoice.Id, business.GetUtcNow());
            var (made, problem) = await maker.MakeAsync(
                caller, InvoiceForm.SessionOf(invoice, said), key: null, claim, cancellationToken);
            if (made is not null)
            {
                return (made.Id, null);
            }

            // Somebody with the same link began a moment ago, in another tab perhaps: it is there soon, or never.
            if (claim.Answer is not ("begun" or "made") || look == Looks)
            {
                return (null, problem);
            }

            await Task.Delay(Pause, system, cancellationToken);
        }
    }
}
