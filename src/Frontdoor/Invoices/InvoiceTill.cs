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
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>The session to be paid; or why there is none.</summary>
    public async Task<(PaymentSessionId? Session, Problem? Problem)> OpenAsync(
        Invoice invoice, SaleDetailsJson said, Merchant merchant, CancellationToken cancellationToken)
    {
        if (await store.SessionOfAsync(invoice.Id, cancellationToken) is { } there)
        {
            return (there, null);
        }

        var caller = new MerchantCaller(merchant.Id, merchant.IsLive, merchant.Tier, merchant.Status, MerchantPermissions.None);
        var claim = new InvoiceClaim(store, invoice.Id, business.GetUtcNow());
        var (made, problem) = await maker.MakeAsync(caller, InvoiceForm.SessionOf(invoice, said), key: null, claim, cancellationToken);
        return made is not null ? (made.Id, null)
            : claim.Answer is "begun" or "made" ? (await WaitAsync(invoice.Id, cancellationToken), problem)
            : (null, problem);
    }

    // Somebody with the same link began a moment ago, in another tab perhaps: it is there soon, or never. Who waits for it only looks: each
    // claim locks the invoice, and would be in the way of that very session.
    private async Task<PaymentSessionId?> WaitAsync(InvoiceId invoice, CancellationToken cancellationToken)
    {
        var began = system.GetTimestamp();
        while (true)
        {
            var there = await store.SessionOfAsync(invoice, cancellationToken);
            if (there is not null || system.GetElapsedTime(began) >= AtMost)
            {
                return there;
            }

            await Task.Delay(Pause, system, cancellationToken);
        }
    }
}
