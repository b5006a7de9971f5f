using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Invoices;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Payment sessions: a merchant's requests to be paid once.</summary>
internal static class PaymentSessionsApi
{
    public static void AddPaymentSessionsApi(this IServiceCollection services, NetworkProfile network)
    {
        services.AddSingleton(new SessionAssets(network));
        services.AddSingleton<SaleDetailsSeal>();
        services.AddSingleton<SessionEventDetails>();
        services.AddSingleton<SessionMaker>();
        services.AddSingleton<SessionPresenter>();
        services.AddSingleton<SessionVerifier>();
        services.AddSingleton<MerchantOpenings>();
        services.AddSingleton<MerchantTermsReader>();
        services.AddSingleton<MerchantAccounts>();
    }

    public static void MapPaymentSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapMerchantAccount();
        var sessions = routes.MapGroup("/v1/payment_sessions").WithTags("Payment sessions").RequireRateLimiting(RateLimitNames.Merchant);
        sessions.MapPost("", CreateAsync).WithSummary("Ask to be paid once").RequireMerchant(MerchantPermissions.PaymentSessionsWrite);
        sessions.MapGet("", ListAsync).WithSummary("Payment sessions, newest first")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead).WithMetadata(Polled.Often);
        sessions.MapGet("/{id}", GetAsync).WithSummary("A payment session and what came for it")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead).WithMetadata(Polled.Often);
        sessions.MapPost("/{id}/address", OpenAddressAsync).WithSummary("Have an address of the session's own opened, which needs no memo")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite);
        sessions.MapPost("/{id}/cancel", CancelAsync).WithSummary("End a payment session unpaid")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite, whileSuspended: true);
        // Who may give it back decides, and nobody else: it is people's money until then.
        sessions.MapPost("/{id}/accept", AcceptAsync).WithSummary("Accept what came too late (a new session is made, paid by it), or what is held beyond the price")
            .RequireMerchant(MerchantPermissions.RefundsWrite);
        sessions.MapPost("/{id}/verify", VerifyAsync).WithSummary("What a transaction did for a payment session, or why it did not count")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead, whileSuspended: true);
    }

    private static async Task<Results<Created<PaymentSessionAnswer>, Problem>> CreateAsync(
        NewPaymentSessionRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        MerchantCaller caller,
        SessionMaker maker,
        SessionPresenter presenter,
        CancellationToken cancellationToken)
    {
        if (IdempotencyKey.Check(idempotencyKey) is { } bad)
        {
            return bad;
        }

        var (made, problem) = await maker.MakeAsync(caller, request, idempotencyKey, claim: null, cancellationToken);
        return problem is not null
            ? problem
            : TypedResults.Created(
                $"/v1/payment_sessions/{made!.Id}", await presenter.ShowAsync(caller, made, cancellationToken));
    }

    private static async Task<Results<Ok<Page<PaymentSessionAnswer>>, Problem>> ListAsync(
        MerchantCaller caller,
        IObjectLists lists,
        SessionPresenter presenter,
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        [FromQuery(Name = "ending_before")] string? endingBefore,
        string? status,
        [FromQuery(Name = "payment_link")] string? paymentLink,
        string? invoice,
        [AsParameters] CreatedRange created,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var most) is { } wrong)
        {
            return wrong;
        }

        if (startingAfter is not null && endingBefore is not null)
        {
            return Problem.Invalid("parameter_invalid", "Send one of 'starting_after' and 'ending_before'.", "ending_before");
        }

        foreach (var (name, id) in new[] { ("starting_after", startingAfter), ("ending_before", endingBefore) })
        {
            if (id is not null && !PaymentSessionId.TryParse(id, out _))
            {
                return Problem.Invalid("parameter_invalid", $"'{name}' is the id of a payment session.", name);
            }
        }

        if (status is not (null or "created" or "paid" or "expired" or "canceled"))
        {
            return Problem.Invalid("parameter_invalid", "'status' is created, paid, expired or canceled.", "status");
        }

        if (OriginOf(paymentLink, invoice, out var origin) is { } badOrigin)
        {
            return badOrigin;
        }

        if (created.Read(out var from, out var to) is { } badTime)
        {
            return badTime;
        }

        var page = await lists.ReadAsync(
            new ObjectQuery(
                caller.Merchant.Value, PaymentSessionViews.StateName, startingAfter, endingBefore,
                status is null ? null : char.ToUpperInvariant(status[0]) + status[1..], most)
            {
                Origin = origin, From = from, To = to,
            },
            cancellationToken);
        var shown = await presenter.ShowAsync(
            caller, [.. page.Objects.Select(each => PaymentSessionViews.Of(each.Id, each.Stored))], cancellationToken);
        return TypedResults.Ok(new Page<PaymentSessionAnswer>("list", shown, page.HasMore));
    }

    // By what a session was made: one of both.
    private static Problem? OriginOf(string? paymentLink, string? invoice, out string? origin)
    {
        origin = paymentLink ?? invoice;
        return paymentLink is not null && !PaymentLinkId.TryParse(paymentLink, out _)
            ? Problem.Invalid("parameter_invalid", "'payment_link' is the id of a payment link.", "payment_link")
            : invoice is not null && !InvoiceId.TryParse(invoice, out _)
                ? Problem.Invalid("parameter_invalid", "'invoice' is the id of an invoice.", "invoice")
                : paymentLink is not null && invoice is not null
                    ? Problem.Invalid("parameter_invalid", "Send one of 'payment_link' and 'invoice'.", "invoice")
                    : null;
    }

    private static Task<Results<Ok<PaymentSessionAnswer>, Problem>> GetAsync(
        string id, MerchantCaller caller, IGrainFactory grains, SessionPresenter presenter, CancellationToken cancellationToken) =>
        AskAsync(id, caller, grains, presenter, session => session.GetAsync(caller.Merchant), isRead: true, cancellationToken);

    // From here on it is opened even if the caller hangs up.
    private static Task<Results<Ok<PaymentSessionAnswer>, Problem>> OpenAddressAsync(
        string id, MerchantCaller caller, IGrainFactory grains, SessionPresenter presenter, CancellationToken cancellationToken) =>
        AskAsync(
            id, caller, grains, presenter,
            session => Outcome.OfAsync(() => session.OpenAddressAsync(caller.Merchant, CancellationToken.None)), isRead: false,
            cancellationToken);

    private static async Task<Results<Ok<PaymentSessionAnswer>, Problem>> CancelAsync(
        string id, CancelPaymentSessionRequest? request, MerchantCaller caller, IGrainFactory grains, SessionPresenter presenter,
        CancellationToken cancellationToken)
    {
        const int LongestReason = 200;
        return request?.Reason is { } reason && (reason.Length is 0 or > LongestReason || reason.Any(char.IsControl))
            ? Problem.Invalid("reason_invalid", $"'reason' has 1 to {LongestReason} characters, and none that is not seen.", "reason")
            : await AskAsync(
                id, caller, grains, presenter,
                session => Outcome.OfAsync(() => session.CancelAsync(caller.Merchant, request?.Reason)), isRead: false, cancellationToken);
    }

    private static async Task<Results<Ok<PaymentSessionAnswer>, Problem>> AcceptAsync(
        string id, AcceptPaymentRequest request, MerchantCaller caller, SessionPresenter presenter, InvoiceAcceptance invoices,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Payment))
        {
            return Problem.Missing("payment");
        }

        if (OperationIds.Find(request.Payment) is not { } payment)
        {
            return OperationIds.Invalid;
        }

        if (!PaymentSessionId.TryParse(id, out var session))
        {
            return NotFound;
        }

        // From here on it is accepted even if the caller hangs up.
        var (accepted, refused) = await invoices.AcceptAsync(session, caller.Merchant, payment);
        return accepted is null ? refused! : TypedResults.Ok(await presenter.ShowAsync(caller, accepted, cancellationToken));
    }

    private static async Task<Results<Ok<VerificationAnswer>, Problem>> VerifyAsync(
        string id, VerifyPaymentSessionRequest request, MerchantCaller caller, SessionVerifier verifier,
        CancellationToken cancellationToken)
    {
        const int HashDigits = 64;
        if (request.TxHash is not { Length: HashDigits } hash || !hash.All(char.IsAsciiHexDigit))
        {
            return string.IsNullOrEmpty(request.TxHash)
                ? Problem.Missing("tx_hash")
                : Problem.Invalid("tx_hash_invalid", $"'tx_hash' has {HashDigits} hexadecimal digits.", "tx_hash");
        }

        if (!PaymentSessionId.TryParse(id, out var session))
        {
            return NotFound;
        }

        var verified = await verifier.VerifyAsync(caller.Merchant, session, hash.ToLowerInvariant(), cancellationToken);
        return verified.IsSuccess ? TypedResults.Ok(verified.Value) : Problem.Of(verified.Error);
    }

    private static async Task<Results<Ok<PaymentSessionAnswer>, Problem>> AskAsync(
        string id, MerchantCaller caller, IGrainFactory grains, SessionPresenter presenter,
        Func<IPaymentSessionGrain, Task<Result<PaymentSessionView>>> ask, bool isRead, CancellationToken cancellationToken)
    {
        if (!PaymentSessionId.TryParse(id, out var session))
        {
            return NotFound;
        }

        var answer = await ask(grains.GetGrain<IPaymentSessionGrain>(session.Value));
        if (!answer.IsSuccess)
        {
            return Problem.Of(answer.Error);
        }

        var shown = await presenter.ShowAsync(caller, answer.Value, cancellationToken);
        return TypedResults.Ok(isRead ? presenter.WithRefundUrl(caller, answer.Value, shown) : shown);
    }

    private static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "payment_session_not_found", "There is no such payment session."));
}
