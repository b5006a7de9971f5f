using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Payments;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Network;

/// <summary>Deposits to accounts of the platform that match nothing.</summary>
internal static class SuspenseApi
{
    private const int MaxIdLength = 40;

    public static void MapSuspense(this RouteGroupBuilder admin)
    {
        admin.MapGet("/suspense", ListAsync).WithSummary("Deposits that match nothing, newest first");
        admin.MapPost("/suspense/{id}/assign", AssignAsync).WithSummary("Pay a suspended deposit to a user's wallet")
            .WithMetadata(MovesMoney.Once);
        admin.MapPost("/suspense/{id}/return", ReturnAsync).WithSummary("Pay a suspended deposit back to its sender")
            .WithMetadata(MovesMoney.Once);
        admin.MapPost("/suspense/{id}/keep", KeepAsync).WithSummary("Keep a suspended deposit as the platform's own money")
            .WithMetadata(MovesMoney.Once);
    }

    /// <param name="limit">1 to 100; 10 if it is left out.</param>
    /// <param name="startingAfter">The id of the last deposit of the page before.</param>
    /// <param name="status"><c>open</c>, <c>sending</c>, <c>assigned</c>, <c>returned</c> or <c>kept</c>; all if it is left out.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="audit">Notes that he looked.</param>
    /// <param name="suspense">Reads them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    private static async Task<Results<Ok<Page<SuspenseJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        string? status,
        ClaimsPrincipal caller,
        AdminAudit audit,
        ISuspense suspense,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        if (startingAfter is not null && !IsPlain(startingAfter))
        {
            return Problem.Invalid("parameter_invalid", "'starting_after' is no deposit's id.", "starting_after");
        }

        SuspenseStatus? only = null;
        if (status is not null)
        {
            var known = Enum.GetValues<SuspenseStatus>().Where(one => StatusWord.Of(one) == status).ToArray();
            if (known.Length == 0)
            {
                return Problem.Invalid("parameter_invalid", "'status' is open, sending, assigned, returned or kept.", "status");
            }

            only = known[0];
        }

        await audit.RecordAsync(caller, "suspense.view", ISuspenseGrain.Key, detail: null, cancellationToken);
        var deposits = await suspense.ListAsync(only, startingAfter, wanted + 1, cancellationToken);
        return TypedResults.Ok(new Page<SuspenseJson>(
            "list", [.. deposits.Take(wanted).Select(SuspenseJson.Of)], deposits.Count > wanted));
    }

    private static async Task<Results<Ok<SuspenseJson>, Problem>> AssignAsync(
        string id,
        AssignRequest request,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        ISuspense suspense,
        CancellationToken cancellationToken)
    {
        if (request.User is not { } text)
        {
            return Problem.Missing("user");
        }

        var found = UserId.TryParse(text, out var user)
            ? await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).GetAddressAsync()
            : new Error(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet.");
        return !found.IsSuccess
            ? Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user with a wallet.", "user"))
            : await DecideAsync(
                id, "suspense.assign", new { user = user.Value }, caller, audit, suspense,
                () => Grain(grains).AssignAsync(id, caller.UserId(), user, found.Value, cancellationToken), cancellationToken);
    }

    private static Task<Results<Ok<SuspenseJson>, Problem>> ReturnAsync(
        string id, ClaimsPrincipal caller, AdminAudit audit, IGrainFactory grains, ISuspense suspense,
        CancellationToken cancellationToken) =>
        DecideAsync(
            id, "suspense.return", null, caller, audit, suspense,
            () => Grain(grains).ReturnAsync(id, caller.UserId(), cancellationToken), cancellationToken);

    private static Task<Results<Ok<SuspenseJson>, Problem>> KeepAsync(
        string id, ClaimsPrincipal caller, AdminAudit audit, IGrainFactory grains, ISuspense suspense,
        CancellationToken cancellationToken) =>
        DecideAsync(
            id, "suspense.keep", null, caller, audit, suspense,
            () => Grain(grains).KeepAsync(id, caller.UserId(), cancellationToken), cancellationToken);

    private static async Task<Results<Ok<SuspenseJson>, Problem>> DecideAsync(
        string id,
        string action,
        object? detail,
        ClaimsPrincipal caller,
        AdminAudit audit,
        ISuspense suspense,
        Func<Task<Result<string>>> decide,
        CancellationToken cancellationToken)
    {
        if (!IsPlain(id) || await suspense.FindAsync(id, cancellationToken) is null)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "suspense_not_found", "There is no such suspended deposit."));
        }

        await audit.RecordAsync(caller, action, id, detail, cancellationToken);
        var decided = await Outcome.OfAsync(decide);
        return decided.IsSuccess
            ? TypedResults.Ok(SuspenseJson.Of((await suspense.FindAsync(id, cancellationToken))!))
            : Problem.Of(decided.Error);
    }

    private static ISuspenseGrain Grain(IGrainFactory grains) => grains.GetGrain<ISuspenseGrain>(ISuspenseGrain.Key);

    private static bool IsPlain(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

/// <summary>Whose a deposit is.</summary>
/// <param name="User">The user's id, <c>usr_…</c>.</param>
internal sealed record AssignRequest(string? User);
