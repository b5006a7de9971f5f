using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StellarPay.Bench.Runtime;

/// <summary>What the actor runtime costs: the processor time of a local grain call, and the memory of idle grains.</summary>
internal static class RuntimeBenchmark
{
    private const int WarmUpCalls = 200_000;
    private const int MeasuredCalls = 2_000_000;
    private const int Callers = 8;
    private const int IdleGrains = 10_000;
    private const double BytesPerMegabyte = 1024 * 1024;

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(static silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddMemoryGrainStorageAsDefault();
        });
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        var idle = await MeasureIdleAsync(grains);
        var fromClient = await MeasureAsync(grains, static (grain, calls) => CallAsync(grain, calls));
        var betweenGrains = await MeasureAsync(grains, static (grain, calls) => grain.CallNeighbour(calls));
        await host.StopAsync();

        Print(new Result(RuntimeName, fromClient, betweenGrains, IdleGrains, idle), args.Contains("--json"));
        return 0;
    }

    private static string RuntimeName => typeof(IGrainFactory).Assembly.GetName().Name!;

    private static async Task<double> MeasureIdleAsync(IGrainFactory grains)
    {
        await grains.GetGrain<IIdleGrain>("idle_first").Touch();
        var before = LiveBytes();
        for (var i = 0; i < IdleGrains; i++)
        {
            await grains.GetGrain<IIdleGrain>(string.Create(CultureInfo.InvariantCulture, $"idle_{i}")).Touch();
        }

        return (LiveBytes() - before) / BytesPerMegabyte;
    }

    private static long LiveBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<Cost> MeasureAsync(IGrainFactory grains, Func<IPingGrain, int, Task> run)
    {
        await RunCallersAsync(grains, run, WarmUpCalls);
        using var process = Process.GetCurrentProcess();
        var processorBefore = process.TotalProcessorTime;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        await RunCallersAsync(grains, run, MeasuredCalls);
        var took = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        var processor = process.TotalProcessorTime - processorBefore;
        return new Cost(
            Math.Round(processor.TotalMicroseconds / MeasuredCalls, 3),
            Math.Round(MeasuredCalls / took.TotalSeconds),
            (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / MeasuredCalls);
    }

    private static Task RunCallersAsync(IGrainFactory grains, Func<IPingGrain, int, Task> run, int calls) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"ping_{caller}");
            return Task.Run(() => run(grains.GetGrain<IPingGrain>(key), calls / Callers));
        }));

    private static async Task CallAsync(IPingGrain grain, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await grain.Ping(i);
        }
    }

    private static void Print(Result result, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
            return;
        }

        Console.WriteLine($"runtime                     {result.Runtime}");
        Console.WriteLine($"call from a client          {Describe(result.ClientCall)}");
        Console.WriteLine($"call from grain to grain    {Describe(result.GrainCall)}");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{result.IdleGrains} idle activations     {result.IdleMegabytes:F1} MB"));
    }

    private static string Describe(Cost cost) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cost.CpuMicroseconds:F2} µs of CPU, {cost.CallsPerSecond:F0} calls/s, {cost.BytesPerCall} B allocated");

    private sealed record Cost(double CpuMicroseconds, double CallsPerSecond, long BytesPerCall);

    private sealed record Result(string Runtime, Cost ClientCall, Cost GrainCall, int IdleGrains, double IdleMegabytes);
}
