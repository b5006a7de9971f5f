using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Network;

/// <summary>How far the network has been read, whether payments are halted, and their going on.</summary>
internal static class NetworkApi
{
    public static void MapAdminNetwork(this RouteGroupBuilder admin)
    {
        admin.MapGet("/network", GetAsync).WithSummary("How far the network has been read, and whether payments are halted");
        admin.MapPost("/network/resume", ResumeAsync).WithSummary("Let payments go on after a halt");
    }

    private static async Task<Ok<NetworkJson>> GetAsync(
        ClaimsPrincipal caller, AdminAudit audit, IGrainFactory grains, INetworkHalts halts, CancellationToken cancellationToken)
    {
        await audit.RecordAsync(caller, "network.view", IFollowerGrain.Key, detail: null, cancellationToken);
        return TypedResults.Ok(await LookAsync(grains, halts, cancellationToken));
    }

    private static async Task<Results<Ok<NetworkJson>, Problem>> ResumeAsync(
        ResumeRequest request,
        ClaimsPrincipal caller,
        AdminAudit audit,
        IGrainFactory grains,
        INetworkHalts halts,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (AdminReason.Check(request.Reason) is { } bad)
        {
            return bad;
        }

        if (await halts.FindAsync(cancellationToken) is not { } halt)
        {
            return Problem.Of(new Error(ErrorKind.Conflict, "network_not_halted", "Payments are not halted."));
        }

        await audit.RecordAsync(
            caller, "network.resume", IFollowerGrain.Key, new { halt = halt.Reason, reason = request.Reason }, cancellationToken);
        await halts.ResumeAsync(caller.UserId().Value, time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(await LookAsync(grains, halts, cancellationToken));
    }

    private static async Task<NetworkJson> LookAsync(IGrainFactory grains, INetworkHalts halts, CancellationToken cancellationToken)
    {
        var status = await grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).GetStatusAsync();
        var halt = await halts.FindAsync(cancellationToken);
        return new NetworkJson(
            "network", status.Running, status.LastLedger, status.LatestLedger, status.LagLedgers, status.LagSeconds, status.Parked,
            status.SetAside, halt is null ? null : new HaltJson(halt.Code, halt.Reason, halt.Since));
    }
}

/// <summary>Why payments may go on.</summary>
/// <param name="Reason">3 to 500 characters; kept in the audit log.</param>
internal sealed record ResumeRequest(string? Reason);

/// <summary>How far the network has been read, and whether payments are halted.</summary>
/// <param name="Object">Always <c>network</c>.</param>
/// <param name="Reading">Whether it is being read.</param>
/// <param name="LastLedger">The last ledger that all wallets have.</param>
/// <param name="LatestLedger">The latest that the network has shown.</param>
/// <param name="LagLedgers">How many lie between.</param>
/// <param name="LagSeconds">How many seconds of the network's clock lie between.</param>
/// <param name="ParkedOperations">How many operations wait for an operator.</param>
/// <param name="SetAsideRows">How many rows that owners told each other wait for an operator.</param>
/// <param name="Halt">Why everything that pays is stopped, or null.</param>
internal sealed record NetworkJson(
    string Object, bool Reading, long LastLedger, long LatestLedger, long LagLedgers, long LagSeconds, int ParkedOperations,
    int SetAsideRows, HaltJson? Halt);

/// <summary>A halt of everything that pays.</summary>
/// <param name="Code">Why, for programs.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Since">Since when.</param>
internal sealed record HaltJson(string Code, string Reason, DateTimeOffset Since);
