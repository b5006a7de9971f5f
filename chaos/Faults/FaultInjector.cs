using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Chaos.Deployment;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Faults;

/// <summary>Makes go wrong what the plan says, when it says so.</summary>
internal sealed class FaultInjector(ChaosPlan plan, ChaosCluster cluster) : IDisposable
{
    private const int FullLedgers = 12;
    private static readonly TimeSpan ArmDeadline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan DayDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>How often each fault was armed or done, by its name.</summary>
    public ConcurrentDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    /// <summary>How many could not be armed, because what they are for was away.</summary>
    public int Missed { get; private set; }

    public async Task RunAsync(long started, CancellationToken cancellationToken)
    {
        var lasting = new List<Task>();
        foreach (var fault in plan.Faults)
        {
            var wait = fault.At - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            lasting.Add(InjectAsync(fault, cancellationToken));
        }

        await Task.WhenAll(lasting);
    }

    public void Dispose() => _http.Dispose();

    private async Task InjectAsync(PlannedFault fault, CancellationToken cancellationToken)
    {
        var silo = cluster.Silos[fault.Silo % cluster.Silos.Count];
        var proxy = cluster.Database.Proxy;
        var done = true;
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                silo.Kill();
                break;
            case FaultKind.KillNetwork:
                cluster.Network.Kill();
                break;
            case FaultKind.KillFrontDoor:
                cluster.FrontDoor.Kill();
                break;
            case FaultKind.DayPasses:
                done = await PassDayAsync(cancellationToken);
                break;
            case FaultKind.KillAtPoint:
                done = await ArmAsync(new Uri(silo.Address, "/v1/dev/faults"), new { point = fault.Point, action = "kill" }, cancellationToken);
                break;
            case FaultKind.ThrowAtPoint:
                done = await ArmAsync(new Uri(silo.Address, "/v1/dev/faults"), new { point = fault.Point, action = "throw" }, cancellationToken);
                break;
            case FaultKind.StorageBefore:
                proxy.FailWrites(WriteFault.BeforeItTookEffect, fault.Count);
                break;
            case FaultKind.StorageAfter:
                proxy.FailWrites(WriteFault.AfterItTookEffect, fault.Count);
                break;
            case FaultKind.StorageCut:
                proxy.CutAll();
                break;
            case FaultKind.StorageAway:
                proxy.SetAway(true);
                await Task.Delay(fault.For, cancellationToken);
                proxy.SetAway(false);
                break;
            default:
                done = await ArmAsync(new Uri(cluster.Sandbox, "/admin/faults"), NetworkFault(fault), cancellationToken);
                break;
        }

        if (done)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.Kind.ToString());
            Injected.AddOrUpdate(fault.Point is null ? name : $"{name} {fault.Point}", 1, (_, count) => count + 1);
        }
        else
        {
            Missed++;
        }
    }

    private static object NetworkFault(PlannedFault fault)
    {
        var submission = fault.Kind is FaultKind.TimeoutAfterApplying or FaultKind.TimeoutWithoutApplying
            || (!fault.Everywhere && fault.Kind is FaultKind.ConnectionReset or FaultKind.RateLimit or FaultKind.Delay);
        return new
        {
            kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.Kind.ToString()),
            // A ledger is a fifth of a second; a fee surge takes longer.
            count = fault.Kind == FaultKind.FullLedger ? fault.Count * FullLedgers : fault.Count,
            method = submission ? "POST" : null,
            path = submission ? "/transactions" : null,
            delay_ms = (int)fault.For.TotalMilliseconds,
            ledgers = fault.Count,
        };
    }

    // Half of it, or all of it twice, is harmless: a day more.
    private async Task<bool> PassDayAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < DayDeadline)
        {
            try
            {
                await cluster.PassDayAsync(cancellationToken);
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                await Task.Delay(RetryPause, cancellationToken);
            }
        }

        return false;
    }

    private async Task<bool> ArmAsync(Uri address, object fault, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < ArmDeadline)
        {
            try
            {
                using var response = await _http.PostAsJsonAsync(address, fault, WithoutNulls, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }

                if ((int)response.StatusCode is >= 400 and < 500 and not 429)
                {
                    throw new ChaosException($"{address} refused a fault: {await response.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It is away, as is the lot of what this makes go wrong.
            }

            await Task.Delay(RetryPause, cancellationToken);
        }

        return false;
    }
}
