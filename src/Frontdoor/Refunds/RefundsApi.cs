using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>Money that a merchant gives back, in Stripe's shape.</summary>
internal static class RefundsApi
{
    public const string Path = "/v1/refunds";

    private static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "refund_not_found", "There is no such refund."));

    public static void AddRefundsApi(this IServiceCollection services)
    {
        services.AddSingleton<RefundMaker>();
        services.AddSingleton<RefundPresenter>();
        services.AddSingleton<RefundAddressDemand>();
    }

    public static void MapRefunds(this IEndpointRouteBuilder routes)
    {
        var refunds = routes.MapGroup(Path).WithTags("Refunds").RequireRateLimiting(RateLimitNames.Merchant);
        refunds.MapPost("", CreateAsync).WithSummary("Give money back to who paid a payment session")
            .RequireMerchant(MerchantPermissions.RefundsWrite, whileSuspended: true);
        refunds.MapGet("", ListAsync).WithSummary("Refunds, newest first").RequireMerchant(MerchantPermissions.RefundsRead);
        refunds.MapGet("/{id}", GetAsync).WithSummary("How a refund stands").RequireMerchant(MerchantPermissions.RefundsRead);
        routes.MapRefundAddresses();
    }

    private static async Task<Results<Ok<RefundAnswer>, Problem>> CreateAsync(
        NewRefundRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        HttpContext context,
        MerchantCaller caller,
        RefundMaker maker,
        RefundPresenter presenter,
        CancellationToken cancellationToken)
    {
        // What is signed may be held back and come after the repeat that its sender made of it: only the key says that they are one.
        var isSigned = context.Request.Headers.ContainsKey(RequestSignature.Header);
        if ((isSigned ? IdempotencyKey.Require(idempotencyKey) : IdempotencyKey.Check(idempotencyKey)) is { } bad)
        {
            return bad;
        }

        var (made, problem) = await maker.MakeAsync(caller, request, idempotencyKey, cancellationToken);
        return problem is not null ? problem : TypedResults.Ok((await presenter.ShowAsync(caller, [made!], cancellationToken))[0]);
    }

    private static async Task<Results<Ok<ListPage<RefundAnswer>>, Problem>> ListAsync(
        [AsParameters] ListPlace place,
        [FromQuery(Name = "payment_session")] string? paymentSession,
        [AsParameters] CreatedRange created,
        MerchantCaller caller,
        IRefundList list,
        IGrainFactory grains,
        RefundPresenter presenter,
        CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        if (place.Named is { } named && !RefundId.TryParse(named, out _))
        {
            return place.Unknown();
        }

        if (created.Read(out var from, out var to) is { } badTime)
        {
            return badTime;
        }

        if (paymentSession is not null)
        {
            return await ListOfSessionAsync(
                place, limit, paymentSession,
                refund => (from is null || refund.CreatedAt >= from) && (to is null || refund.CreatedAt < to), caller, grains,
                presenter, cancellationToken);
        }

        var read = await list.ReadAsync(
            caller.Merchant.Value, place.StartingAfter, place.EndingBefore, from, to, limit + 1, cancellationToken);
        var views = read.Select(each => PaymentSessionViews.RefundOf(each.Session, caller.Merchant.Value, each.Stored));
        // The page comes newest first; the one that is too many of newer ones is its first.
        var shown = await presenter.ShowAsync(caller, [.. views], cancellationToken);
        return TypedResults.Ok(ListPage<RefundAnswer>.Of(place.IsBackwards ? shown.Reverse() : shown, limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<RefundAnswer>, Problem>> GetAsync(
        string id, MerchantCaller caller, IGrainFactory grains, RefundPresenter presenter, CancellationToken cancellationToken)
    {
        if (!RefundId.TryParse(id, out var refund))
        {
            return NotFound;
        }

        var session = await grains.GetGrain<IPaymentSessionGrain>(refund.Session.Value).GetAsync(caller.Merchant);
        return session.IsSuccess && Array.Find(session.Value.Refunds, each => each.Id == refund) is { } found
            ? TypedResults.Ok((await presenter.ShowAsync(caller, [found], cancellationToken))[0])
            : session.IsSuccess || session.Error.Kind == ErrorKind.NotFound ? NotFound : Problem.Of(session.Error);
    }

    // Of one session: all of them are in its state.
    private static async Task<Results<Ok<ListPage<RefundAnswer>>, Problem>> ListOfSessionAsync(
        ListPlace place, int limit, string paymentSession, Func<RefundView, bool> isWanted, MerchantCaller caller, IGrainFactory grains,
        RefundPresenter presenter, CancellationToken cancellationToken)
    {
        if (!PaymentSessionId.TryParse(paymentSession, out var id))
        {
            return Problem.Invalid("parameter_invalid", "'payment_session' is the id of a payment session.", "payment_session");
        }

        var session = await grains.GetGrain<IPaymentSessionGrain>(id.Value).GetAsync(caller.Merchant);
        if (!session.IsSuccess)
        {
            return Problem.Of(session.Error);
        }

        var all = session.Value.Refunds;
        var at = place.Named is { } named ? Array.FindIndex(all, refund => refund.Id.Value == named) : -1;
        var some = place.IsBackwards
            ? at < 0 ? [] : all.Skip(at + 1)
            : place.Named is null ? all.Reverse() : at < 0 ? [] : all.Take(at).Reverse();
        var shown = await presenter.ShowAsync(caller, [.. some.Where(isWanted).Take(limit + 1)], cancellationToken);
        return TypedResults.Ok(ListPage<RefundAnswer>.Of(shown, limit, place.IsBackwards, Path));
    }
}
