using System.Collections.Concurrent;
using System.Diagnostics;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>Payments among people: as many as can be (a closed loop), or so many a second.</summary>
internal sealed class PaymentLoad(int port, EventWatch watch, Books books)
{
    // Coprime to any usual number of people, so that everyone pays everyone.
    private const int Stride = 7919;
    private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4);

    /// <summary>Each person has so many payments under way at once. Gives the payments that were completed a second.</summary>
    /// <param name="lanes">How many.</param>
    /// <param name="warm">Ends when it is warm; what was before does not count.</param>
    /// <param name="during">How long is measured.</param>
    /// <param name="series">Gets the times.</param>
    public async Task<double> MeasureAsync(int lanes, Func<Task> warm, TimeSpan during, PaymentSeries series)
    {
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, books.People.Count * lanes)
            .Select(lane => WorkAsync(lane, series, stop.Token)).ToArray();
        await warm();
        series.Clear();
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(during);
        var rate = series.Complete.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(working);
        return rate;
    }

    /// <summary>So many payments a second, whether those before have ended or not.</summary>
    public async Task PaceAsync(double perSecond, Task until, PaymentSeries series)
    {
        var idle = new ConcurrentBag<WireConnection>();
        var under = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        for (var started = 0; !until.IsCompleted;)
        {
            for (var due = perSecond * Stopwatch.GetElapsedTime(began).TotalSeconds; started < due; started++)
            {
                under.Add(PayOnceAsync(started, idle, series));
            }

            await Task.Delay(Tick);
        }

        await Task.WhenAll(under);
        foreach (var connection in idle)
        {
            connection.Dispose();
        }
    }

    private async Task WorkAsync(int lane, PaymentSeries series, CancellationToken stop)
    {
        using var connection = await WireConnection.OpenAsync(port);
        var payer = new Payer(connection, watch, series, books);
        var from = lane % books.People.Count;
        for (var turn = lane + 1; !stop.IsCancellationRequested; turn += Stride)
        {
            if (!await payer.PayAsync(from, Other(from, turn), watchSubmission: false))
            {
                await Task.Delay(AfterError, CancellationToken.None);
            }
        }
    }

    private async Task PayOnceAsync(int number, ConcurrentBag<WireConnection> idle, PaymentSeries series)
    {
        var connection = idle.TryTake(out var free) ? free : await WireConnection.OpenAsync(port);
        var from = (int)((long)number * Stride % books.People.Count);
        await new Payer(connection, watch, series, books).PayAsync(from, Other(from, number), watchSubmission: true);
        idle.Add(connection);
    }

    private int Other(int from, int turn)
    {
        var to = (int)((uint)turn % (uint)books.People.Count);
        return to == from ? (to + 1) % books.People.Count : to;
    }
}
