namespace StellarPay.Grains.Ledger;

/// <summary>
/// What a batch of ledgers may ask the network about single operations before the watermark moves past them: so many questions,
/// in so long a time, whatever strangers wrote. Who gets no answer goes on without.
/// </summary>
internal sealed class BatchQuestions(TimeProvider time)
{
    /// <summary>The most questions of a batch.</summary>
    public const int Most = 20;

    private static readonly TimeSpan LongestEach = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestInAll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly long _began = time.GetTimestamp();
    private int _asked;

    private bool MayAsk => _asked < Most && time.GetElapsedTime(_began) < LongestInAll;

    /// <summary>Asks, again where that fails.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="attempts">How often at most.</param>
    /// <param name="cancellationToken">Ends the asking, with an exception.</param>
    /// <returns>The answer; or null, and why there is none.</returns>
    public async Task<(T? Answer, string? Problem)> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask, int attempts, CancellationToken cancellationToken)
        where T : class
    {
        var problem = $"It was not asked for: too many questions at once, or the network was too slow. Most are {Most}.";
        for (var attempt = 1; attempt <= attempts && MayAsk; attempt++)
        {
            if (attempt > 1)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }

            _asked++;
            using var slow = new CancellationTokenSource(LongestEach, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
            try
            {
                return (await ask(either.Token).WaitAsync(either.Token), null);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                problem = slow.IsCancellationRequested ? "The network did not answer in time." : exception.Message;
            }
        }

        return (null, problem);
    }
}
