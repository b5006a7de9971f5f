using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>
/// Makes refunds: one for each idempotency key of a merchant. The key is looked for first; who loses the race is refused by the key's row,
/// and finds the winner's refund behind it.
/// </summary>
internal sealed class RefundMaker(
    IGrainFactory grains, IIdempotencyIndex keys, SaleDetailsSeal seal, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private const string KeyInUse = "idempotency_key_in_use";

    /// <summary>The refund that was made, now or before under the same key; or why there is none.</summary>
    public async Task<(RefundView? Made, Problem? Problem)> MakeAsync(
        MerchantCaller caller, NewRefundRequest request, string? key, CancellationToken cancellationToken)
    {
        var (form, problem) = RefundForm.Read(request);
        if (form is null)
        {
            return (null, problem);
        }

        var fingerprint = RefundKeys.Fingerprint(form.Fields());
        if (await FindAsync(caller, key, fingerprint, cancellationToken) is { } before)
        {
            return before;
        }

        var session = grains.GetGrain<IPaymentSessionGrain>(form.Session.Value);
        var found = await session.GetAsync(caller.Merchant);
        if (!found.IsSuccess)
        {
            return (null, Problem.Of(found.Error with { Param = "payment_session" }));
        }

        var (amount, wrong) = form.AmountOf(found.Value);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var metadata = form.Metadata is { } notes ? await seal.SealAsync(caller.Merchant, notes, cancellationToken) : null;
        var order = new NewRefund(form.Payment, amount, request.Reason, metadata, key, fingerprint);
        // From here on it is made even if the caller hangs up.
        var made = await Outcome.OfAsync(() => session.RefundAsync(caller.Merchant, order));
        if (made.IsSuccess)
        {
            return (made.Value, null);
        }

        return made.Error.Code == KeyInUse && await FindAsync(caller, key, fingerprint, cancellationToken) is { } winner
            ? winner
            : (null, Problem.Of(made.Error));
    }

    private async Task<(RefundView? Made, Problem? Problem)?> FindAsync(
        MerchantCaller caller, string? key, string fingerprint, CancellationToken cancellationToken)
    {
        if (key is null
            || await keys.FindAsync(
                caller.Merchant.Value, RefundKeys.HashOf(key), business.GetUtcNow(), cancellationToken) is not { } entry)
        {
            return null;
        }

        var refund = RefundKeys.Answer(entry, fingerprint);
        if (!refund.IsSuccess)
        {
            return (null, Problem.Of(refund.Error));
        }

        var id = RefundId.Parse(refund.Value);
        var session = await grains.GetGrain<IPaymentSessionGrain>(id.Session.Value).GetAsync(caller.Merchant);
        return session.IsSuccess
            ? (session.Value.Refunds.Single(each => each.Id == id), null)
            : (null, Problem.Of(session.Error));
    }
}
