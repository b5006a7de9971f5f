using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Refunds;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>Shows refunds to their merchant, with his notes, which are opened for him alone.</summary>
internal sealed class RefundPresenter(SaleDetailsSeal seal)
{
    public async Task<RefundAnswer[]> ShowAsync(
        MerchantCaller caller, IReadOnlyList<RefundView> refunds, CancellationToken cancellationToken)
    {
        var notes = await seal.OpenAsync(caller.Merchant, [.. refunds.Select(refund => refund.Metadata)], cancellationToken);
        return [.. refunds.Select((refund, at) => RefundAnswer.Of(RefundJson.Of(refund, caller.IsLive), notes[at].Metadata))];
    }
}
