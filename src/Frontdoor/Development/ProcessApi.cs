using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StellarPay.Frontdoor.Development;

/// <summary>What this process has used so far, for benchmarks. Mapped in development only.</summary>
internal static class ProcessApi
{
    public static void MapProcess(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/dev/process", Get).WithTags("Development").WithSummary("Memory and garbage collection of this process");

    /// <param name="collect">Whether to collect first, so that what is counted is in use.</param>
    private static Ok<ProcessJson> Get(bool? collect)
    {
        if (collect == true)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        using var process = Process.GetCurrentProcess();
        return TypedResults.Ok(new ProcessJson(
            "process",
            GC.GetTotalMemory(forceFullCollection: false),
            process.WorkingSet64,
            GC.GetTotalAllocatedBytes(),
            GC.CollectionCount(0),
            GC.CollectionCount(1),
            GC.CollectionCount(2),
            (long)GC.GetTotalPauseDuration().TotalMilliseconds));
    }
}

/// <summary>What a process has used.</summary>
internal sealed record ProcessJson(
    string Object, long ManagedBytes, long ResidentBytes, long AllocatedBytes, int Gen0, int Gen1, int Gen2, long GcPauseMilliseconds);
