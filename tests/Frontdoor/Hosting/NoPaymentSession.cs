using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A payment session that nobody has made: whoever asks is told so.</summary>
internal sealed class NoPaymentSession
{
    public Task<Result<PaymentSessionView>> GetAsync(MerchantId caller) => Task.FromResult<Result<PaymentSessionView>>(
        new Error(ErrorKind.NotFound, "payment_session_not_found", $"{caller} has no such payment session."));
}
