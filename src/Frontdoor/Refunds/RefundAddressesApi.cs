using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>
/// Where what a merchant gives back of a payment goes, where that is not its payer's address. For people alone: whoever has found a key
/// sends nobody's money elsewhere.
/// </summary>
internal static class RefundAddressesApi
{
    public static void MapRefundAddresses(this IEndpointRouteBuilder routes)
    {
        var addresses = routes.MapGroup("/v1/merchants/{id}/refund_addresses").WithTags("Refunds")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        addresses.MapPost("", DecideAsync).RequireMerchantInPath(MerchantPermissions.RefundsWrite, whileSuspended: false)
            .WithSummary("Have what is given back of a payment go to another address, in a day; with a second factor that was just shown")
            .TakesIdempotencyKey(ShowAsync);
        addresses.MapPost("/withdraw", WithdrawAsync).RequireMerchantInPath(MerchantPermissions.RefundsWrite)
            .WithSummary("Have what is given back of a payment go to its payer again");
    }

    private static async Task<Results<Ok<PaymentSessionAnswer>, Problem>> DecideAsync(
        string id, RefundAddressRequest request, MerchantCaller caller, HttpContext context, RefundAddressDemand demand,
        IGrainFactory grains, SessionPresenter presenter, KeyedWrites writes, CancellationToken cancellationToken)
    {
        var (address, memo, wrong) = RefundAddressForm.AddressOf(request);
        var (session, found, payment, problem) = await FindAsync(request.PaymentSession, request.Payment, caller, grains);
        if ((problem ?? wrong) is { } bad)
        {
            return bad;
        }

        // Who says again what is so says nothing, and needs no factor for it.
        if (found!.RefundAddresses?.Any(each => each.Payment == payment && each.Address == address && each.Memo == memo
            && !each.IsLapsed) == true)
        {
            // But his key is kept: a repeat that comes when it is withdrawn would decide it anew.
            await writes.TakeAloneAsync(caller.Key, session.Value, cancellationToken);
            return TypedResults.Ok(await presenter.ShowAsync(caller, found, cancellationToken));
        }

        var order = new NewRefundAddress(payment, address, memo, caller.User!.Value, IsCustomerTold: false, caller.Key?.Hash, caller.Key?.Fingerprint ?? "");
        var (told, refused) = await demand.CheckAsync(found, order, caller, context, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        // From here on it is decided even if the caller hangs up.
        var grain = grains.GetGrain<IPaymentSessionGrain>(session.Value);
        var decided = await Outcome.OfAsync(() => grain.SetRefundAddressAsync(
            caller.Merchant, order with { IsCustomerTold = told.Length > 0 }, CancellationToken.None));
        if (decided.IsSuccess)
        {
            return TypedResults.Ok(await presenter.ShowAsync(caller, decided.Value, cancellationToken));
        }

        await demand.ReturnAsync(told, decided.Error);
        return Problem.Of(decided.Error);
    }

    private static async Task<Results<Ok<PaymentSessionAnswer>, Problem>> WithdrawAsync(
        string id, WithdrawRefundAddressRequest request, MerchantCaller caller, HttpContext context, RefundAddressDemand demand,
        IGrainFactory grains, SessionPresenter presenter, CancellationToken cancellationToken)
    {
        var (session, found, payment, problem) = await FindAsync(request.PaymentSession, request.Payment, caller, grains);
        if (problem is not null)
        {
            return problem;
        }

        if (found!.RefundAddresses?.Any(each => each.Payment == payment) == true
            && await demand.CheckWithdrawalAsync(session, payment, caller, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var withdrawn = await Outcome.OfAsync(
            () => grains.GetGrain<IPaymentSessionGrain>(session.Value).WithdrawRefundAddressAsync(caller.Merchant, payment));
        return withdrawn.IsSuccess
            ? TypedResults.Ok(await presenter.ShowAsync(caller, withdrawn.Value, cancellationToken))
            : Problem.Of(withdrawn.Error);
    }

    private static async Task<IResult> ShowAsync(Replay replay)
    {
        var session = replay.Get<IGrainFactory>().GetGrain<IPaymentSessionGrain>(replay.Subject);
        var found = await session.GetAsync(replay.Caller.Merchant);
        return found.IsSuccess
            ? TypedResults.Ok(await replay.Get<SessionPresenter>().ShowAsync(replay.Caller, found.Value, replay.CancellationToken))
            : Problem.Of(found.Error);
    }

    private static async Task<(PaymentSessionId Session, PaymentSessionView? Found, LedgerPlace Payment, Problem? Problem)> FindAsync(
        string? sessionText, string? paymentText, MerchantCaller caller, IGrainFactory grains)
    {
        var (session, wrong) = RefundAddressForm.SessionOf(sessionText);
        if (wrong is not null)
        {
            return (session, null, default, wrong);
        }

        var found = await grains.GetGrain<IPaymentSessionGrain>(session.Value).GetAsync(caller.Merchant);
        if (!found.IsSuccess)
        {
            return (session, null, default, Problem.Of(found.Error with { Param = "payment_session" }));
        }

        var (payment, problem) = RefundAddressForm.PaymentOf(paymentText, found.Value);
        return (session, found.Value, payment, problem);
    }
}
