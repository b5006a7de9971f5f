using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.UnmatchedReceipts;

/// <summary>Merchants' unmatched receipts, as administrators see them and say what they are for: payers ask them.</summary>
internal static class AdminReceiptsApi
{
    public static void MapAdminReceipts(this RouteGroupBuilder admin)
    {
        admin.MapGet("/merchants/{id}/unmatched_receipts", ListAsync).WithSummary("What came to a business and names nobody, newest first");
        admin.MapPost("/merchants/{id}/unmatched_receipts/{receipt}/assign", AssignAsync)
            .WithSummary("Say for which open payment session of the business it is");
    }

    private static async Task<Results<Ok<ListPage<UnmatchedReceiptAnswer>>, Problem>> ListAsync(
        string id, [AsParameters] ListPlace place, string? status, ClaimsPrincipal caller, AdminAudit audit, ReceiptCounter counter,
        CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(id, out var merchant))
        {
            return MerchantGate.NotFound;
        }

        if (ReceiptCounter.CheckStatus(status) is { } bad)
        {
            return bad;
        }

        await audit.RecordAsync(caller, "merchant.receipts_view", merchant.Value, new { status }, cancellationToken);
        return await counter.ListAsync(
            merchant, place, status, $"/v1/admin/merchants/{merchant.Value}/unmatched_receipts", cancellationToken);
    }

    private static async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> AssignAsync(
        string id, string receipt, AdminAssignReceiptRequest request, ClaimsPrincipal caller, AdminAudit audit, ReceiptCounter counter,
        CancellationToken cancellationToken)
    {
        if (AdminReason.Check(request.Reason) is { } bad)
        {
            return bad;
        }

        return MerchantId.TryParse(id, out var merchant)
            ? await counter.AssignAsync(
                merchant, receipt, request.PaymentSession,
                () => audit.RecordAsync(
                    caller, "merchant.receipt_assign", merchant.Value,
                    new { receipt, payment_session = request.PaymentSession, reason = request.Reason }, cancellationToken),
                cancellationToken)
            : MerchantGate.NotFound;
    }
}

/// <summary>For which payment session a receipt is, and why an administrator says so.</summary>
/// <param name="PaymentSession">An open payment session of the business, <c>pay_…</c>.</param>
/// <param name="Reason">A sentence that is kept.</param>
internal sealed record AdminAssignReceiptRequest(string? PaymentSession, string? Reason);
