using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;

namespace StellarPay.Frontdoor.UnmatchedReceipts;

/// <summary>What came to a merchant's address and names nobody, and what becomes of it.</summary>
internal static class UnmatchedReceiptsApi
{
    private const string Path = "/v1/unmatched_receipts";

    public static void AddUnmatchedReceipts(this IServiceCollection services) => services.AddSingleton<ReceiptCounter>();

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

    private static Task<Results<Ok<ListPage<UnmatchedReceiptAnswer>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, string? status, MerchantCaller caller, ReceiptCounter counter,
        CancellationToken cancellationToken) =>
        counter.ListAsync(caller.Merchant, place, status, Path, cancellationToken);

    private static async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> GetAsync(
        string id, MerchantCaller caller, ReceiptCounter counter, CancellationToken cancellationToken) =>
        await counter.FindAsync(caller.Merchant, id, cancellationToken) is { } found
            ? TypedResults.Ok(counter.Show(found))
            : ReceiptCounter.NotFound;

    private static Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> AssignAsync(
        string id, AssignReceiptRequest request, MerchantCaller caller, ReceiptCounter counter, CancellationToken cancellationToken) =>
        counter.AssignAsync(caller.Merchant, id, request.PaymentSession, () => Task.CompletedTask, cancellationToken);

    private static Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> TopUpAsync(
        string id, MerchantCaller caller, ReceiptCounter counter) =>
        counter.DecideAsync(caller.Merchant, id, (merchant, which) => merchant.TopUpReceiptAsync(caller.Merchant, which));

    // It is made even if the caller hangs up.
    private static Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> RefundAsync(
        string id, MerchantCaller caller, ReceiptCounter counter) =>
        counter.DecideAsync(
            caller.Merchant, id, (merchant, which) => merchant.RefundReceiptAsync(caller.Merchant, which, CancellationToken.None));
}
