using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Compliance;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>Merchants, as administrators see them and decide about them.</summary>
internal static class AdminMerchantsApi
{
    private const int MostTier = 3;

    public static void MapAdminMerchants(this RouteGroupBuilder admin)
    {
        admin.MapGet("/merchants", ListAsync).WithSummary("Businesses, the newest first; those with a status, if one is named");
        admin.MapPost("/merchants/{id}/approve", Order("approve")).WithSummary("Approve of a business, where payments are real");
        admin.MapPost("/merchants/{id}/suspend", Order("suspend"))
            .WithSummary("Stop a business: it makes no payment sessions and pays nothing out");
        admin.MapPost("/merchants/{id}/reinstate", Order("reinstate")).WithSummary("Let a business that was stopped go on");
        admin.MapPost("/merchants/{id}/tier", SetTierAsync).WithSummary("Set the tier of a business: its fees, and how often it may ask");
    }

    /// <param name="limit">1 to 100; 10 if it is not sent.</param>
    /// <param name="startingAfter">The id of the last merchant of the page before.</param>
    /// <param name="status"><c>pending</c>, <c>active</c> or <c>suspended</c>.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="audit">Notes that he looked.</param>
    /// <param name="book">The merchants.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    private static async Task<Results<Ok<Page<MerchantJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        string? status,
        ClaimsPrincipal caller,
        AdminAudit audit,
        MerchantBook book,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        var wantedStatus = MerchantStatuses.TryRead(status);
        if (status is not null && wantedStatus is null)
        {
            return Problem.Invalid("parameter_invalid", "'status' is pending, active or suspended.", "status");
        }

        MerchantId? before = null;
        if (startingAfter is not null)
        {
            if (!MerchantId.TryParse(startingAfter, out var last))
            {
                return Problem.Invalid("starting_after_invalid", "'starting_after' is the id of a merchant.", "starting_after");
            }

            before = last;
        }

        await audit.RecordAsync(caller, "merchant.list", startingAfter ?? "merchants", new { status }, cancellationToken);
        var merchants = await book.ListAsync(wantedStatus, before, wanted + 1, cancellationToken);
        return TypedResults.Ok(new Page<MerchantJson>(
            "list", [.. merchants.Take(wanted).Select(MerchantJson.Of)], merchants.Count > wanted));
    }

    // An endpoint that decides something about a merchant, for a reason that is written down.
    private static Delegate Order(string what) =>
        (string id, ReasonRequest request, ClaimsPrincipal caller, AdminAudit audit, MerchantBook book, MerchantWatch watch,
            CancellationToken cancellationToken) =>
            DecideAsync(
                id, what, tier: null, request.Reason, new { reason = request.Reason }, caller, audit, book, watch, cancellationToken);

    private static async Task<Results<Ok<MerchantJson>, Problem>> SetTierAsync(
        string id, TierRequest request, ClaimsPrincipal caller, AdminAudit audit, MerchantBook book, MerchantWatch watch,
        CancellationToken cancellationToken) => request.Tier switch
        {
            null => Problem.Missing("tier"),
            < 0 or > MostTier => Problem.Invalid("tier_invalid", $"'tier' is from 0 to {MostTier}.", "tier"),
            { } tier => await DecideAsync(
                id, "tier", tier, request.Reason, new { tier, reason = request.Reason }, caller, audit, book, watch, cancellationToken),
        };

    private static async Task<Results<Ok<MerchantJson>, Problem>> DecideAsync(
        string id, string what, int? tier, string? reason, object detail, ClaimsPrincipal caller, AdminAudit audit, MerchantBook book,
        MerchantWatch watch, CancellationToken cancellationToken)
    {
        if (AdminReason.Check(reason) is { } bad)
        {
            return bad;
        }

        if (!MerchantId.TryParse(id, out var merchant) || await book.FindAsync(merchant, user: null, cancellationToken) is null)
        {
            return MerchantGate.NotFound;
        }

        await audit.RecordAsync(
            caller, $"merchant.{(what == "tier" ? "tier_set" : what)}", merchant.Value, detail, cancellationToken);
        await book.DecideAsync(merchant, what, tier, cancellationToken);
        // Here at once; elsewhere within seconds.
        await watch.TakeAsync(merchant.Value, CancellationToken.None);
        return await book.FindAsync(merchant, user: null, cancellationToken) is { } decided
            ? TypedResults.Ok(MerchantJson.Of(decided))
            : MerchantGate.NotFound;
    }
}
