using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Once a silo runs: starts the follower and the due partitions, and sees to it that the platform's accounts exist. Each
/// is retried until it is done, for the network may come later than the silo; a repeat by another silo does no harm.
/// </summary>
internal sealed partial class PlatformStarter(
    IGrainFactory grains, PlatformUpkeep upkeep, PlatformAccountKinds kinds, IOptions<PlatformOptions> platform, TimeProvider time,
    ILogger<PlatformStarter> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PokeInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TopUpInterval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var work = new List<Task>
        {
            UntilDoneAsync(IFollowerGrain.Key, () => grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).StartAsync(), stoppingToken),
        };
        work.AddRange(DuePartitions.Keys().Select(key =>
            UntilDoneAsync(key, () => grains.GetGrain<IDueGrain>(key).StartAsync(), stoppingToken)));
        work.AddRange(EnsureAccounts(stoppingToken));
        await Task.WhenAll(work);
        LogReady();

        _ = KeepAliveAsync(stoppingToken);

        // Fees and reserves are used up; on a test network friendbot fills them, elsewhere the treasury does, and the log says
        // when that is empty.
        while (!stoppingToken.IsCancellationRequested)
        {
            await PauseAsync(TopUpInterval, stoppingToken);
            await Task.WhenAll(EnsureAccounts(stoppingToken));
        }
    }

    // Every silo does: so that whichever dies, the follower and the partitions are soon elsewhere. A reminder alone takes a minute.
    private async Task KeepAliveAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).PokeAsync().Ignore();
            foreach (var key in DuePartitions.Keys())
            {
                grains.GetGrain<IDueGrain>(key).PokeAsync().Ignore();
            }

            await PauseAsync(PokeInterval, stoppingToken);
        }
    }

    private IEnumerable<Task> EnsureAccounts(CancellationToken stoppingToken) => kinds.Keys(platform.Value).Select(key =>
        UntilDoneAsync(key, async () => Require(await upkeep.EnsureAsync(key, stoppingToken)), stoppingToken));

    private async Task UntilDoneAsync(string what, Func<Task> start, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await start();
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What the end of the silo cuts off is done by the next; a start that failed has said why.
                return;
            }
            catch (Exception e)
            {
                LogNotYet(what, e.Message);
            }

            await PauseAsync(RetryAfter, stoppingToken);
        }
    }

    // Ends early and quietly when the host stops.
    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken) =>
        await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static void Require(Result<string> result)
    {
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(result.Error.Message);
        }
    }

    [LoggerMessage(6001, LogLevel.Information, "The follower, the due partitions and the platform's accounts are ready")]
    private partial void LogReady();

    [LoggerMessage(6002, LogLevel.Warning, "{What} is not ready yet: {Reason}")]
    private partial void LogNotYet(string what, string reason);
}
