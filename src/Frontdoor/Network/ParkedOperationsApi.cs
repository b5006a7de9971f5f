using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Parking;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Network;

/// <summary>Operations of the ledger that could not be taken.</summary>
internal static class ParkedOperationsApi
{
    public static void MapParkedOperations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/parked-operations", ListAsync).WithSummary("Operations of the ledger that could not be taken, newest first");
        admin.MapPost("/parked-operations/{token}/retry", RetryAsync).WithSummary("Give a parked operation to its wallets again");
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
        IParkedOperations parked,
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
        var tokens = entries.Select(entry => entry.PagingToken).Distinct().Take(wanted).ToHashSet();
        var page = entries.Where(entry => tokens.Contains(entry.PagingToken)).ToArray();
        return TypedResults.Ok(new Page<ParkedOperationJson>(
            "list", [.. page.Select(ParkedOperationJson.Of)], page.Length < entries.Count));
    }

    private static async Task<Results<Ok<Page<ParkedOperationJson>>, Problem>> RetryAsync(
        string token,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        IParkedOperations parked,
        CancellationToken cancellationToken)
    {
        if (!TryRead(token, out var number) || (await parked.FindAsync(number, cancellationToken)).Count == 0)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "parked_operation_not_found", "There is no such parked operation."));
        }

        await audit.RecordAsync(caller, "parked_operation.retry", token, detail: null, cancellationToken);
        var done = await grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).RetryParkedAsync(number, caller.UserId());
        if (!done.IsSuccess)
        {
            return Problem.Of(done.Error);
        }

        var entries = await parked.FindAsync(number, cancellationToken);
        return TypedResults.Ok(new Page<ParkedOperationJson>("list", [.. entries.Select(ParkedOperationJson.Of)], HasMore: false));
    }

    private static bool TryRead(string text, out long token) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out token);
}

/// <summary>An operation that could not be taken, for one of the wallets that it waits for.</summary>
/// <param name="Object">Always <c>parked_operation</c>.</param>
/// <param name="Token">Its place in the ledger's order.</param>
/// <param name="Wallet">The wallet that it waits for, or null.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="TransactionHash">Its transaction, or null.</param>
/// <param name="Kind"><c>refused</c>, <c>unreadable</c> or <c>unexplained</c>.</param>
/// <param name="Status"><c>parked</c>, <c>held</c> (the wallet waits) or <c>applied</c>.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Content">The operation as JSON.</param>
/// <param name="ParkedAt">When it was parked.</param>
/// <param name="ResolvedAt">When it was taken, or null.</param>
/// <param name="ResolvedBy">Who had it taken, or null.</param>
internal sealed record ParkedOperationJson(
    string Object, string Token, string? Wallet, long Ledger, string? TransactionHash, string Kind, string Status, string Error,
    int Attempts, string Content, DateTimeOffset ParkedAt, DateTimeOffset? ResolvedAt, string? ResolvedBy)
{
    public static ParkedOperationJson Of(ParkedOperation entry) => new(
        "parked_operation", entry.PagingToken.ToString(CultureInfo.InvariantCulture), entry.Wallet?.Value, entry.Ledger,
        entry.TransactionHash, StatusWord.Of(entry.Kind), StatusWord.Of(entry.Status), entry.Error, entry.Attempts, entry.Content,
        entry.ParkedAt, entry.ResolvedAt, entry.ResolvedBy);
}
