namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>
/// A read of a state is given up when the database says nothing for so long: one that is paused, or behind a network that
/// swallows everything, would hold an activation, and all who call it, for as long as it likes. Whatever the driver does about its
/// own time-outs, whoever waits hears of it.
/// </summary>
internal static class BoundedRead
{
    /// <summary>How long a read may take, with all that it waits for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <exception cref="TimeoutException">It took longer; trouble that passes.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> read, TimeProvider time)
    {
        // Not disposed of: it has no timer, and what was given up looks at it still.
        var giveUp = new CancellationTokenSource();
        var reading = read(giveUp.Token);
        try
        {
            return await reading.WaitAsync(Longest, time);
        }
        catch (TimeoutException) when (!reading.IsCompleted)
        {
            // Nobody looks at what becomes of it; and whoever gives up does not wait for the driver to do so.
            reading.Ignore();
            giveUp.CancelAsync().Ignore();
            throw;
        }
    }
}
