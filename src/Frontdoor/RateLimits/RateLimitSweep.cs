namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Has the table forget what it need not know.</summary>
internal sealed class RateLimitSweep(RateLimitTable table, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            table.Sweep();
        }
    }
}
