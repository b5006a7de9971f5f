using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.UnmatchedReceipts;

/// <summary>What came to a merchant's address and names nobody, and what becomes of it.</summary>
internal static class UnmatchedReceiptsApi
{
    private const string Path = "/v1/unmatched_receipts";

    private static readonly Dictionary<string, UnmatchedReceiptStatus> Statuses =
        Enum.GetValues<UnmatchedReceiptStatus>().ToDictionary(UnmatchedReceiptJson.Word, StringComparer.Ordinal);

    private static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "unmatched_receipt_not_found", "There is no such unmatched receipt."));

    public static void MapUnmatchedReceipts(this IEndpointRouteBuilder routes)
    {
        var receipts = routes.MapGroup(Path).WithTags("Unmatched receipts").RequireRateLimiting(RateLimitNames.Merchant);
        receipts.MapGet("", ListAsync).WithSummary("What came and names nobody, newest first").RequireMerchant(MerchantPermissions.BooksRead);
        receipts.MapGet("/{id}", GetAsync).WithSummary("Something that came and names nobody").RequireMerchant(MerchantPermissions.BooksRead);
        // Who may give it back decides, and nobody else: it may be somebody's money. So also what it is for.
        receipts.MapPost("/{id}/assign", AssignAsync).WithSummary("Say for which open payment session it is")
            .RequireMerchant(MerchantPermissions.RefundsWrite, whileSuspended: true);
        receipts.MapPost("/{id}/topup", TopUpAsync).WithSummary("Say that it is the merchant's own money")
            .RequireMerchant(MerchantPermissions.RefundsWrite);
        receipts.MapPost("/{id}/refund", RefundAsync).WithSummary("Give it back to its sender")
            .RequireMerchant(MerchantPermissions.RefundsWrite, whileSuspended: true);
    }

    private static async Task<Results<Ok<ListPage<UnmatchedReceiptAnswer>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, string? status, MerchantCaller caller, IUnmatchedReceipts receipts,
        CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        UnmatchedReceiptId? named = null;
        if (place.Named is { } id)
        {
            if (!UnmatchedReceiptId.TryParse(id, out var known))
            {
                return place.Unknown();
            }

            named = known;
        }

        UnmatchedReceiptStatus? only = null;
        if (status is not null)
        {
            if (!Statuses.TryGetValue(status, out var known))
            {
                return Problem.Invalid("parameter_invalid", $"'status' is one of {string.Join(", ", Statuses.Keys)}.", "status");
            }

            only = known;
        }

        var read = await receipts.ListAsync(
            new ReceiptQuery(
                caller.Merchant, only, place.IsBackwards ? null : named, place.IsBackwards ? named : null, limit + 1),
            cancellationToken);
        return TypedResults.Ok(ListPage<UnmatchedReceiptAnswer>.Of(
            read.Select(receipt => Show(receipt, caller)), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> GetAsync(
        string id, MerchantCaller caller, IUnmatchedReceipts receipts, CancellationToken cancellationToken) =>
        UnmatchedReceiptId.TryParse(id, out var known) && await receipts.FindAsync(caller.Merchant, known, cancellationToken) is { } found
            ? TypedResults.Ok(Show(found, caller))
            : NotFound;

    private static async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> AssignAsync(
        string id, AssignReceiptRequest request, MerchantCaller caller, IGrainFactory grains, IUnmatchedReceipts receipts,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.PaymentSession))
        {
            return Problem.Missing("payment_session");
        }

        if (!PaymentSessionId.TryParse(request.PaymentSession, out var session))
        {
            return Problem.Invalid("payment_session_invalid", "'payment_session' is the id of a payment session.", "payment_session");
        }

        if (!UnmatchedReceiptId.TryParse(id, out var known)
            || await receipts.FindAsync(caller.Merchant, known, cancellationToken) is not { } receipt)
        {
            return NotFound;
        }

        // What is so is answered again, however the session ended since.
        if (receipt.Status != UnmatchedReceiptStatus.Assigned || receipt.Session != session.Value)
        {
            var found = await grains.GetGrain<IPaymentSessionGrain>(session.Value).GetAsync(caller.Merchant);
            if (!found.IsSuccess)
            {
                return Problem.Of(found.Error with { Param = "payment_session" });
            }

            if (found.Value.Status != PaymentSessionStatus.Created)
            {
                return Problem.Of(new Error(
                    ErrorKind.Conflict, "payment_session_not_open",
                    $"The payment session is {UnmatchedReceiptJson.Word(found.Value.Status)}. What came can be assigned to one that is open.",
                    "payment_session"));
            }
        }

        return await DecideAsync(id, caller, grains, (merchant, which) => merchant.AssignReceiptAsync(caller.Merchant, which, session));
    }

    private static Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> TopUpAsync(string id, MerchantCaller caller, IGrainFactory grains) =>
        DecideAsync(id, caller, grains, (merchant, which) => merchant.TopUpReceiptAsync(caller.Merchant, which));

    // It is made even if the caller hangs up.
    private static Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> RefundAsync(string id, MerchantCaller caller, IGrainFactory grains) =>
        DecideAsync(id, caller, grains, (merchant, which) => merchant.RefundReceiptAsync(caller.Merchant, which, CancellationToken.None));

    private static async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> DecideAsync(
        string id, MerchantCaller caller, IGrainFactory grains,
        Func<IMerchantGrain, UnmatchedReceiptId, Task<Result<UnmatchedReceipt>>> decide)
    {
        if (!UnmatchedReceiptId.TryParse(id, out var known))
        {
            return NotFound;
        }

        var decided = await Outcome.OfAsync(() => decide(grains.GetGrain<IMerchantGrain>(caller.Merchant.Value), known));
        return decided.IsSuccess ? TypedResults.Ok(Show(decided.Value, caller)) : Problem.Of(decided.Error);
    }

    private static UnmatchedReceiptAnswer Show(UnmatchedReceipt receipt, MerchantCaller caller) =>
        UnmatchedReceiptAnswer.Of(UnmatchedReceiptJson.Of(receipt, caller.IsLive));
}
