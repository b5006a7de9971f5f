using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Shows sessions to their merchant: what the grains say, and what he said of the sale, which is opened for him alone.</summary>
internal sealed class SessionPresenter(SaleDetailsSeal seal, CheckoutLinks links)
{
    public async Task<PaymentSessionAnswer> ShowAsync(
        MerchantCaller caller, PaymentSessionView session, CancellationToken cancellationToken) =>
        (await ShowAsync(caller, [session], cancellationToken))[0];

    /// <summary>
    /// As whoever asks for this one sees it: with the secret to what is held for its payers, which is in no list and no answer that is
    /// stored. Whoever has it gives back what is held: no more is shown it than may do so by themselves.
    /// </summary>
    public PaymentSessionAnswer WithRefundUrl(MerchantCaller caller, PaymentSessionView session, PaymentSessionAnswer shown) =>
        session.HasClaims && caller.May(MerchantPermissions.RefundsWrite)
            ? shown with { RefundUrl = links.RefundUrlOf(session.Id) }
            : shown;

    public async Task<PaymentSessionAnswer[]> ShowAsync(
        MerchantCaller caller, IReadOnlyList<PaymentSessionView> sessions, CancellationToken cancellationToken)
    {
        var details = await seal.OpenAsync(caller.Merchant, [.. sessions.Select(session => session.Details)], cancellationToken);
        return
        [
            .. sessions.Select((session, at) => PaymentSessionAnswer.Of(PaymentSessionJson.Of(session, caller.IsLive), details[at]) with
            {
                CheckoutUrl = links.UrlOf(session.Id),
            }),
        ];
    }
}
