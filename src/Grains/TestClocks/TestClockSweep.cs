using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.TestClocks;

/// <summary>
/// Moves test clocks on: from one moment at which something is due to the next, waking what is due there and staying until it is done.
/// All that it knows is stored, so that whoever comes after a crash goes on. For the due partitions, which do it beside what they wake by
/// the system's clock.
/// </summary>
internal sealed partial class TestClockSweep(
    ITestClocks clocks, WakeableKinds kinds, IOptions<NetworkOptions> network, [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<TestClockSweep> logger)
{
    // Two clocks of a partition at once, each of another merchant, and four of what is due by one: a clock with ten thousand sessions holds
    // no other, nor what is real.
    private const int ClocksAtOnce = 2;
    private const int WakesAtOnce = 4;
    private const int PageSize = 100;

    // The rest is the next sweep's, a second later, in which others have their turn.
    private const int MostSteps = 10;

    /// <summary>How often the same one is woken, a second after the other, before its clock is said to have failed.</summary>
    public const int MostAttempts = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Moves some clocks of a partition on. Gives how many were woken.</summary>
    public async Task<int> SweepAsync(int partition, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (network.Value.IsLive)
        {
            return 0;
        }

        var moving = await clocks.FindMovingAsync(business.GetUtcNow(), partition, ClocksAtOnce, cancellationToken);
        return (await Task.WhenAll(moving.Select(clock => DriveAsync(clock, grains, cancellationToken)))).Sum();
    }

    private async Task<int> DriveAsync(string clock, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (woken, first) = (0, "");
        for (var step = 0; step < MostSteps; step++)
        {
            var (goesOn, due) = await clocks.StepAsync(clock, MostAttempts, Pause, PageSize, cancellationToken);
            if (!goesOn)
            {
                break;
            }

            if (due.Count > 0 && due[0].GrainKey == first)
            {
                // Woken just now, and not done: it has a second.
                break;
            }

            first = due.Count > 0 ? due[0].GrainKey : first;
            foreach (var some in due.Chunk(WakesAtOnce))
            {
                await Task.WhenAll(some.Select(one => WakeAsync(clock, one.StateName, one.GrainKey, grains)));
            }

            woken += due.Count;
        }

        return woken;
    }

    // One that fails keeps no other from being woken.
    private async Task WakeAsync(string clock, string stateName, string grainKey, IGrainFactory grains)
    {
        try
        {
            await (kinds.Find(stateName)?.Find(grains, grainKey).WakeAsync() ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception, stateName, grainKey, clock);
        }
    }

    [LoggerMessage(3240, LogLevel.Warning, "Waking {StateName} {GrainKey} by test clock {Clock} failed; the clock waits for it.")]
    private partial void LogWakeFailed(Exception exception, string stateName, string grainKey, string clock);
}
