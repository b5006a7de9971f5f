namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Has the table forget what it need not know.</summary>
internal sealed class RateLimitSweep(RateLimitTable table, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends quietly: a host whose start failed takes an exception of ours for a second failure.
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            table.Sweep();
        }
    }
}
