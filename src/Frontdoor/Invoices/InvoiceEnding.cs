using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// Steps of invoices after which no session of theirs is paid. The one that there is is cancelled before, by which all that the ledger
/// holds by now is judged: where that paid it, the invoice is paid.
/// </summary>
internal sealed class InvoiceEnding(InvoiceTurns turns, IGrainFactory grains)
{
    private const int Attempts = 3;
    private const string NotOpenAnyMore = "payment_session_not_open";

    /// <summary>The invoice as it stands afterwards; or why the step was not taken.</summary>
    /// <param name="id">The invoice.</param>
    /// <param name="merchant">Whose it must be.</param>
    /// <param name="reason">What the session that is cancelled says of that.</param>
    /// <param name="step">The step, which says of itself that it is an end.</param>
    /// <param name="key">The key under which it is asked for; null for none.</param>
    public async Task<(Invoice? Invoice, Problem? Refused)> EndAsync(
        InvoiceId id, MerchantId merchant, string reason, Func<Invoice, InvoiceStep> step, RequestKey? key)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            PaymentSessionId? inTheWay = null;
            var answer = await turns.TakeAsync(
                id, merchant, prefix: null,
                (invoice, open) =>
                {
                    var wanted = step(invoice);
                    inTheWay = wanted.Next is null ? null : open;
                    // Who is refused because of his key must not cost the payer his session.
                    return inTheWay is null ? wanted : new InvoiceStep { IsNotYet = true };
                },
                key, CancellationToken.None);
            if (inTheWay is not { } session)
            {
                return answer;
            }

            // It must end before the invoice does: what it has by now is judged. Where it has ended meanwhile, that is taken in next.
            var canceled = await Outcome.OfAsync(() => grains.GetGrain<IPaymentSessionGrain>(session.Value).CancelAsync(merchant, reason));
            if (!canceled.IsSuccess && canceled.Error.Code != NotOpenAnyMore)
            {
                return (null, Problem.Of(canceled.Error));
            }
        }

        return (null, InvoiceProblems.Busy);
    }
}
