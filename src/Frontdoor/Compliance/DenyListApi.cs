using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Adapters.Postgres.Compliance;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>The deny list. A change counts everywhere within a few seconds.</summary>
internal static class DenyListApi
{
    private const int DefaultLimit = 20;

    public static void MapDenyList(this RouteGroupBuilder admin)
    {
        admin.MapGet("/deny-list", ListAsync).WithSummary("Whom nobody may pay, and who may not pay");
        admin.MapPost("/deny-list", AddAsync).WithSummary("Put an address, a user or a domain on the deny list");
        admin.MapDelete("/deny-list/{id}", RemoveAsync).WithSummary("Take an entry off the deny list");
    }

    /// <param name="limit">1 to 100; 20 if it is not sent.</param>
    /// <param name="startingAfter">The id of the last entry of the page before.</param>
    /// <param name="store">The list.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    private static async Task<Results<Ok<Page<DenyEntryJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        IDenyListStore store,
        CancellationToken cancellationToken)
    {
        if (limit is < 1 or > IDenyListStore.MaxLimit)
        {
            return Problem.Invalid("limit_invalid", $"'limit' is a number from 1 to {IDenyListStore.MaxLimit}.", "limit");
        }

        DenyName? after = null;
        if (startingAfter is not null && !DenyName.TryParseId(startingAfter, out after))
        {
            return Problem.Invalid("starting_after_invalid", "'starting_after' is the id of an entry.", "starting_after");
        }

        var wanted = limit ?? DefaultLimit;
        var entries = await store.ReadAsync(after is null ? null : (after.Kind, after.Value), wanted + 1, cancellationToken);
        return TypedResults.Ok(new Page<DenyEntryJson>(
            "list", [.. entries.Take(wanted).Select(DenyEntryJson.Of)], entries.Count > wanted));
    }

    private static async Task<Results<Created<DenyEntryJson>, Ok<DenyEntryJson>, Problem>> AddAsync(
        DenyRequest request, ClaimsPrincipal caller, AdminAudit audit, IDenyListStore store, CancellationToken cancellationToken)
    {
        if (request.Kind is null or "" || request.Value is null or "")
        {
            return Problem.Missing(request.Kind is null or "" ? "kind" : "value");
        }

        if (AdminReason.Check(request.Reason) is { } bad)
        {
            return bad;
        }

        if (!DenyName.TryParse(request.Kind, request.Value, out var name))
        {
            return Problem.Invalid(
                "deny_entry_invalid",
                "'kind' and 'value' are address with G… or M…, user with usr_…, or domain with a domain name.",
                request.Kind is DenyKinds.Address or DenyKinds.User or DenyKinds.Domain ? "value" : "kind");
        }

        await audit.RecordAsync(caller, "deny_list.add", name.Id, new { reason = request.Reason }, cancellationToken);
        var added = await store.AddAsync(name.Kind, name.Value, request.Reason!, caller.UserId().Value, cancellationToken);
        return await store.FindAsync(name.Kind, name.Value, cancellationToken) switch
        {
            { } entry when added => TypedResults.Created($"/v1/admin/deny-list/{name.Id}", DenyEntryJson.Of(entry)),
            { } entry => TypedResults.Ok(DenyEntryJson.Of(entry)),
            null => NotFound(),
        };
    }

    /// <param name="id">The entry's id, such as <c>domain:example.com</c>.</param>
    /// <param name="reason">Why; kept in the audit log.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="audit">Notes what he does.</param>
    /// <param name="store">The list.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string id, string? reason, ClaimsPrincipal caller, AdminAudit audit, IDenyListStore store, CancellationToken cancellationToken)
    {
        if (AdminReason.Check(reason) is { } bad)
        {
            return bad;
        }

        if (!DenyName.TryParseId(id, out var name) || await store.FindAsync(name.Kind, name.Value, cancellationToken) is null)
        {
            return NotFound();
        }

        await audit.RecordAsync(caller, "deny_list.remove", name.Id, new { reason }, cancellationToken);
        await store.RemoveAsync(name.Kind, name.Value, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Problem NotFound() =>
        Problem.Of(new Error(ErrorKind.NotFound, "deny_entry_not_found", "There is no such entry."));
}

/// <summary>An entry for the deny list.</summary>
/// <param name="Kind"><c>address</c>, <c>user</c> or <c>domain</c>.</param>
/// <param name="Value">An address (G… or M…), a user's id, or a domain, which stands for those below it too.</param>
/// <param name="Reason">3 to 500 characters.</param>
internal sealed record DenyRequest(string? Kind, string? Value, string? Reason);
