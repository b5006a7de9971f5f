using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Network;

/// <summary>What owners told each other and their receivers could not take in: a session's verdict that its merchant cannot book.</summary>
internal static class SetAsideRowsApi
{
    private static readonly Error NotFound =
        new(ErrorKind.NotFound, "set_aside_row_not_found", "There is no such row that was set aside.");

    public static void MapSetAsideRows(this RouteGroupBuilder admin)
    {
        admin.MapGet("/set-aside-rows", ListAsync).WithSummary("What owners told each other and could not be taken in, newest first");
        admin.MapPost("/set-aside-rows/{id}/retry", RetryAsync).WithSummary("Give its receiver again what was set aside");
        admin.MapPost("/set-aside-rows/{id}/close", CloseAsync).WithSummary("Give up what was set aside: it moves nothing, ever");
    }

    /// <param name="limit">1 to 100 rows; 10 if it is left out.</param>
    /// <param name="startingAfter">The id of the last row of the page before.</param>
    /// <param name="all">Whether to list those too that have been taken in or closed since.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="audit">Notes that he looked.</param>
    /// <param name="rows">Reads them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    private static async Task<Results<Ok<Page<SetAsideRowJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        bool? all,
        ClaimsPrincipal caller,
        AdminAudit audit,
        ISetAsideRows rows,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        long? before = null;
        if (startingAfter is not null)
        {
            if (!TryRead(startingAfter, out var id))
            {
                return Problem.Invalid("parameter_invalid", "'starting_after' is no row's id.", "starting_after");
            }

            before = id;
        }

        await audit.RecordAsync(caller, "set_aside_rows.view", IFollowerGrain.Key, detail: null, cancellationToken);
        var found = await rows.ListAsync(all is not true, before, wanted + 1, cancellationToken);
        return TypedResults.Ok(new Page<SetAsideRowJson>(
            "list", [.. found.Take(wanted).Select(SetAsideRowJson.Of)], found.Count > wanted));
    }

    private static Task<Results<Ok<SetAsideRowJson>, Problem>> RetryAsync(
        string id,
        ClaimsPrincipal caller,
        AdminAudit audit,
        LedgerOwners owners,
        IGrainFactory grains,
        ISetAsideRows rows,
        CancellationToken cancellationToken) =>
        DecideAsync(
            id, "set_aside_row.retry", caller, audit, row => OwnerOf(owners, grains, row), rows,
            (owner, number, by) => owner.RetrySetAsideAsync(number, by), cancellationToken);

    private static Task<Results<Ok<SetAsideRowJson>, Problem>> CloseAsync(
        string id,
        ClaimsPrincipal caller,
        AdminAudit audit,
        LedgerOwners owners,
        IGrainFactory grains,
        ISetAsideRows rows,
        CancellationToken cancellationToken) =>
        DecideAsync(
            id, "set_aside_row.close", caller, audit, row => OwnerOf(owners, grains, row), rows,
            (owner, number, by) => owner.CloseSetAsideAsync(number, by), cancellationToken);

    private static ISetAsideRowsOwner? OwnerOf(LedgerOwners owners, IGrainFactory grains, SetAsideRow row) =>
        owners.FindForOperators(grains, row.Owner) as ISetAsideRowsOwner;

    // The receiver decides, in its own write.
    private static async Task<Results<Ok<SetAsideRowJson>, Problem>> DecideAsync(
        string id,
        string action,
        ClaimsPrincipal caller,
        AdminAudit audit,
        Func<SetAsideRow, ISetAsideRowsOwner?> ownerOf,
        ISetAsideRows rows,
        Func<ISetAsideRowsOwner, long, UserId, Task<Result<int>>> decide,
        CancellationToken cancellationToken)
    {
        if (!TryRead(id, out var number) || await rows.FindAsync(number, cancellationToken) is not { } row || ownerOf(row) is not { } owner)
        {
            return Problem.Of(NotFound);
        }

        await audit.RecordAsync(caller, action, id, detail: null, cancellationToken);
        if (row.Status == SetAsideStatus.Waiting)
        {
            var done = await decide(owner, number, caller.UserId());
            if (!done.IsSuccess)
            {
                return Problem.Of(done.Error);
            }
        }

        return TypedResults.Ok(SetAsideRowJson.Of((await rows.FindAsync(number, cancellationToken))!));
    }

    private static bool TryRead(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}

/// <summary>Something that one owner told another, who could not take it in.</summary>
/// <param name="Object">Always <c>set_aside_row</c>.</param>
/// <param name="Id">Its number.</param>
/// <param name="Owner">The key of whom it was told, such as <c>mer_…</c>.</param>
/// <param name="OwnerKind">What that is: <c>merchant</c> ….</param>
/// <param name="Sender">The key of who told it, such as <c>pay_…</c>.</param>
/// <param name="SenderKind">What that is: <c>payment_session</c> ….</param>
/// <param name="Token">The place of the movement of which it speaks in the ledger's order, or null.</param>
/// <param name="Number">Which of the things that the movement's operation did, or null.</param>
/// <param name="Status"><c>waiting</c>, <c>applied</c> or <c>closed</c>.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Content">What was told, as JSON.</param>
/// <param name="SentAt">When it was told.</param>
/// <param name="SetAsideAt">When it was set aside.</param>
/// <param name="ResolvedAt">When it was taken in or closed, or null.</param>
/// <param name="ResolvedBy">Who had that done, or null.</param>
internal sealed record SetAsideRowJson(
    string Object, string Id, string Owner, string OwnerKind, string Sender, string SenderKind, string? Token, int? Number, string Status,
    string Error, int Attempts, string Content, DateTimeOffset SentAt, DateTimeOffset SetAsideAt, DateTimeOffset? ResolvedAt,
    string? ResolvedBy)
{
    public static SetAsideRowJson Of(SetAsideRow row) => new(
        "set_aside_row",
        row.Id.ToString(CultureInfo.InvariantCulture),
        row.Owner.Key,
        row.Owner.Kind,
        row.Row.Sender.Key,
        row.Row.Sender.Kind,
        row.Row.About?.Token.ToString(CultureInfo.InvariantCulture),
        row.Row.About?.Number,
        StatusWord.Of(row.Status),
        row.Error,
        row.Attempts,
        row.Row.Content.GetRawText(),
        row.SentAt,
        row.SetAsideAt,
        row.ResolvedAt,
        row.ResolvedBy);
}
