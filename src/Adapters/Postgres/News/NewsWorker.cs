using Microsoft.Extensions.Hosting;

namespace StellarPay.Adapters.Postgres.News;

/// <summary>
/// Tells wallets what the database has of them that they do not know yet, soon after it is written and until they have heard. Any number
/// of processes may run it: a wallet that is told twice, or late, is not misled.
/// </summary>
/// <typeparam name="TNews">What one wallet is to be told.</typeparam>
public abstract class NewsWorker<TNews>(TimeProvider time) : BackgroundService
{
    // So many wallets are told at once; one that does not answer holds none of the others.
    private const int MostAtOnce = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <inheritdoc />
    public override void Dispose()
    {
        _places.Dispose();
        base.Dispose();
    }

    /// <summary>Takes some that are due. Each is due again after a pause, unless its wallet has heard.</summary>
    protected abstract Task<IReadOnlyList<TNews>> TakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Tells a wallet.</summary>
    protected abstract Task TellAsync(TNews news, CancellationToken cancellationToken);

    /// <summary>A wallet could not be told; the row is still there, and due again.</summary>
    protected abstract void NotTold(Exception exception, TNews news);

    /// <summary>It could not be read what is to be told.</summary>
    protected abstract void NotRead(Exception exception);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var news in _places.CurrentCount is > 0 and var free ? await TakeAsync(free, stoppingToken) : [])
                {
                    await _places.WaitAsync(stoppingToken);
                    _ = TellOneAsync(news, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is: a failure that left here would be the host's, and end the process.
                NotRead(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellOneAsync(TNews news, CancellationToken stoppingToken)
    {
        try
        {
            await TellAsync(news, stoppingToken);
        }
        catch (Exception e)
        {
            NotTold(e, news);
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        try
        {
            _places.Release();
        }
        catch (ObjectDisposedException)
        {
            // The host has ended meanwhile.
        }
    }
}
