using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Network;

/// <summary>Operations of the ledger that could not be taken.</summary>
internal static class ParkedOperationsApi
{
    public static void MapParkedOperations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/parked-operations", ListAsync).WithSummary("Operations of the ledger that could not be taken, newest first");
        admin.MapPost("/parked-operations/{token}/retry", RetryAsync).WithSummary("Give a parked operation to its owners again");
        admin.MapPost("/parked-operations/{token}/close", CloseAsync).WithSummary("Give a parked operation up: it is never taken in");
    }

    /// <param name="limit">1 to 100 operations; 10 if it is left out.</param>
    /// <param name="startingAfter">The token of the last operation of the page before.</param>
    /// <param name="all">Whether to list those too that have been taken since.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="audit">Notes that he looked.</param>
    /// <param name="parked">Reads them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    private static async Task<Results<Ok<Page<ParkedOperationJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        bool? all,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IParkedRows parked,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        long? before = null;
        if (startingAfter is not null)
        {
            if (!TryRead(startingAfter, out var token))
            {
                return Problem.Invalid("parameter_invalid", "'starting_after' is no operation's token.", "starting_after");
            }

            before = token;
        }

        await audit.RecordAsync(caller, "parked_operations.view", IFollowerGrain.Key, detail: null, cancellationToken);
        var entries = await parked.ListAsync(all is not true, before, wanted + 1, cancellationToken);
        var tokens = entries.Select(entry => entry.Entry.Place.Token).Distinct().Take(wanted).ToHashSet();
        var page = entries.Where(entry => tokens.Contains(entry.Entry.Place.Token)).ToArray();
        return TypedResults.Ok(new Page<ParkedOperationJson>(
            "list", [.. page.Select(ParkedOperationJson.Of)], page.Length < entries.Count));
    }

    private static Task<Results<Ok<Page<ParkedOperationJson>>, Problem>> RetryAsync(
        string token,
        ClaimsPrincipal caller,
        AdminAudit audit,
        LedgerOwners owners,
        IGrainFactory grains,
        IParkedRows parked,
        CancellationToken cancellationToken) =>
        DecideAsync(
            token, "parked_operation.retry", caller, audit, parked,
            (owner, number) => owners.FindForOperators(grains, owner)!.RetryParkedAsync(number, caller.UserId()), cancellationToken);

    private static Task<Results<Ok<Page<ParkedOperationJson>>, Problem>> CloseAsync(
        string token,
        ClaimsPrincipal caller,
        AdminAudit audit,
        LedgerOwners owners,
        IGrainFactory grains,
        IParkedRows parked,
        CancellationToken cancellationToken) =>
        DecideAsync(
            token, "parked_operation.close", caller, audit, parked,
            (owner, number) => owners.FindForOperators(grains, owner)!.CloseParkedAsync(number, caller.UserId()), cancellationToken);

    // Each owner decides on its own rows, in its own write.
    private static async Task<Results<Ok<Page<ParkedOperationJson>>, Problem>> DecideAsync(
        string token,
        string action,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IParkedRows parked,
        Func<LedgerOwner, long, Task<Result<int>>> decide,
        CancellationToken cancellationToken)
    {
        if (!TryRead(token, out var number) || await parked.FindAsync(number, cancellationToken) is not { Count: > 0 } found)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "parked_operation_not_found", "There is no such parked operation."));
        }

        await audit.RecordAsync(caller, action, token, detail: null, cancellationToken);
        foreach (var owner in found.Where(row => row.Status == ParkedStatus.Parked).Select(row => row.Owner).Distinct())
        {
            var done = await decide(owner, number);
            if (!done.IsSuccess)
            {
                return Problem.Of(done.Error);
            }
        }

        var entries = await parked.FindAsync(number, cancellationToken);
        return TypedResults.Ok(new Page<ParkedOperationJson>("list", [.. entries.Select(ParkedOperationJson.Of)], HasMore: false));
    }

    private static bool TryRead(string text, out long token) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out token);
}

/// <summary>A row of the ledger that one of its owners could not take in.</summary>
/// <param name="Object">Always <c>parked_operation</c>.</param>
/// <param name="Token">Its operation's place in the ledger's order.</param>
/// <param name="Number">Which of the things that the operation did, from 0.</param>
/// <param name="Owner">The key of the owner that it waits for, such as <c>wal_…</c>.</param>
/// <param name="OwnerKind">What the owner is: <c>wallet</c>, <c>suspense</c> ….</param>
/// <param name="Wallet">The owner where it is a wallet, else null.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="TransactionHash">Its transaction, or null.</param>
/// <param name="Kind"><c>refused</c>, <c>unreadable</c> or <c>unexplained</c>.</param>
/// <param name="Status"><c>parked</c>, <c>applied</c> or <c>closed</c>.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Content">The row as JSON.</param>
/// <param name="ParkedAt">When it was parked.</param>
/// <param name="ResolvedAt">When it was taken in or closed, or null.</param>
/// <param name="ResolvedBy">Who had that done, or null.</param>
internal sealed record ParkedOperationJson(
    string Object, string Token, int Number, string Owner, string OwnerKind, string? Wallet, long Ledger, string? TransactionHash,
    string Kind, string Status, string Error, int Attempts, string Content, DateTimeOffset ParkedAt, DateTimeOffset? ResolvedAt,
    string? ResolvedBy)
{
    private const string WalletKind = "wallet";

    public static ParkedOperationJson Of(ParkedRow row) => new(
        "parked_operation",
        row.Entry.Place.Token.ToString(CultureInfo.InvariantCulture),
        row.Entry.Place.Number,
        row.Owner.Key,
        row.Owner.Kind,
        row.Owner.Kind == WalletKind ? row.Owner.Key : null,
        row.Entry.Place.Ledger(),
        row.Entry.Outcome?.TransactionHash ?? row.Entry.Movement?.TransactionHash ?? row.Entry.Unread?.TransactionHash,
        row.Entry.Unread is { } unread ? StatusWord.Of(unread.Kind) : "refused",
        StatusWord.Of(row.Status),
        row.Error,
        row.Attempts,
        row.Entry.Unread?.Raw ?? Encoding.UTF8.GetString(LedgerEntryJson.Write(row.Entry)),
        row.ParkedAt,
        row.ResolvedAt,
        row.ResolvedBy);
}
