using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Money;

namespace StellarPay.Adapters.Rates;

/// <summary>Looks at order books all the time, so that there is a median of some minutes when somebody asks.</summary>
internal sealed class OrderBookSampling(OrderBookRates books, IOptions<RateSourceOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.OrderBook != true)
        {
            return;
        }

        // Fees are counted in it: somebody asks for it always.
        books.Look(Asset.Native, 0);
        try
        {
            for (var sample = 1; sample < OrderBookRates.LeastSamples; sample++)
            {
                await books.SampleAsync();
                await Task.Delay(OrderBookRates.RetryAfter, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RefreshSeconds), time);
        try
        {
            do
            {
                await books.SampleAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
