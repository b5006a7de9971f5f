using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Payments;

/// <summary>Paying: quote, confirm, status.</summary>
internal static class PaymentsApi
{
    public static void MapPayments(this IEndpointRouteBuilder routes)
    {
        var payments = routes.MapGroup("/v1/payments").WithTags("Payments")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        payments.MapPost("", QuoteAsync).WithSummary("Quote a payment; with confirm, pay at once")
            .WithMetadata(MovesMoney.UnderKeyWithConfirm, ConfirmedOnly.Because);
        payments.MapGet("/{id}", GetAsync).WithSummary("Where a payment stands").WithMetadata(Polled.Often);
        payments.MapGet("/{id}/trace", GetTraceAsync).WithSummary("What happened to a payment, and what the network says of it");
        payments.MapPost("/{id}/confirm", ConfirmAsync).WithSummary("Confirm a quoted payment")
            .WithMetadata(MovesMoney.UnderKey, ConfirmedOnly.Because);
        payments.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel a payment that is not signed yet").WithMetadata(MovesMoney.Once);
        payments.MapPost("/{id}/reclaim", ReclaimAsync).WithSummary("Take back a claimable balance that nobody has claimed")
            .WithMetadata(MovesMoney.Once);
    }

    private static async Task<Results<Created<PaymentJson>, Problem>> QuoteAsync(
        PaymentRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal caller,
        PaymentDesk payments,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if ((Check(request) ?? (request.Confirm == true ? IdempotencyKey.Require(idempotencyKey) : IdempotencyKey.Check(idempotencyKey)))
            is { } bad)
        {
            return bad;
        }

        var (payment, refused) = await payments.QuoteAsync(
            caller.UserId(), request, idempotencyKey, SessionFacts.Of(context), cancellationToken);
        return payment is not null ? TypedResults.Created($"/v1/payments/{payment.Id}", PaymentJson.Of(payment)) : refused!;
    }

    private static async Task<Results<Ok<PaymentJson>, Problem>> ConfirmAsync(
        string id,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal caller,
        PaymentDesk payments,
        HttpContext context)
    {
        if (IdempotencyKey.Require(idempotencyKey) is { } bad)
        {
            return bad;
        }

        if (!PaymentId.TryParse(id, out var payment))
        {
            return NotFound();
        }

        var (confirmed, refused) = await payments.ConfirmAsync(caller.UserId(), payment, idempotencyKey!, SessionFacts.Of(context));
        return confirmed is not null ? TypedResults.Ok(PaymentJson.Of(confirmed)) : refused!;
    }

    private static async Task<Results<Ok<PaymentJson>, Problem>> CancelAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        return PaymentId.TryParse(id, out var payment)
            ? Answer(await Outcome.OfAsync(() => WalletOf(grains, user).CancelAsync(user, payment), payment))
            : NotFound();
    }

    private static async Task<Results<Ok<PaymentJson>, Problem>> ReclaimAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        return PaymentId.TryParse(id, out var payment)
            ? Answer(await Outcome.OfAsync(() => WalletOf(grains, user).ReclaimAsync(user, payment), payment))
            : NotFound();
    }

    private static async Task<Results<Ok<PaymentJson>, Problem>> GetAsync(
        string id,
        ClaimsPrincipal caller,
        IGrainFactory grains,
        IPaymentHistory history,
        CancellationToken cancellationToken)
    {
        if (!PaymentId.TryParse(id, out var payment))
        {
            return NotFound();
        }

        var user = caller.UserId();
        var live = await WalletOf(grains, user).GetPaymentAsync(user, payment);
        if (live.Error is not { Kind: ErrorKind.NotFound })
        {
            return Answer(live);
        }

        // The wallet keeps what is under way and the most recent; the rest is in the read table.
        var wallet = WalletId.Of(user);
        return await history.FindAsync(wallet, payment.Value, cancellationToken) is { } entry
            ? TypedResults.Ok(PaymentJson.Of(entry, wallet.Value))
            : NotFound();
    }

    private static async Task<Results<Ok<TraceJson>, Problem>> GetTraceAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains)
    {
        if (!PaymentId.TryParse(id, out var payment))
        {
            return NotFound();
        }

        var user = caller.UserId();
        var trace = await WalletOf(grains, user).GetTraceAsync(user, payment);
        return trace.IsSuccess ? TypedResults.Ok(TraceJson.Of(trace.Value)) : Problem.Of(trace.Error);
    }

    private static Problem? Check(PaymentRequest request) => request switch
    {
        { Recipient: null or "" } => Problem.Missing("recipient"),
        // A payment session says what it costs.
        _ when RecipientName.Read(request.Recipient) is { Kind: RecipientKind.Session } =>
            RecipientMemo.Check(request.Memo, request.MemoType),
        { Asset: null or "" } => Problem.Missing("asset"),
        { Amount: null or "", SourceAmount: null } => Problem.Missing("amount"),
        _ => RecipientMemo.Check(request.Memo, request.MemoType),
    };

    private static Results<Ok<PaymentJson>, Problem> Answer(Result<PaymentView> payment) =>
        payment.IsSuccess ? TypedResults.Ok(PaymentJson.Of(payment.Value)) : Problem.Of(payment.Error);

    private static Problem NotFound() =>
        Problem.Of(new Error(ErrorKind.NotFound, "payment_not_found", "There is no such payment."));

    private static IWalletGrain WalletOf(IGrainFactory grains, UserId user) =>
        grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);
}
