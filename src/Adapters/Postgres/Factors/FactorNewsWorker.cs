using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Wallets;

namespace StellarPay.Adapters.Postgres.Factors;

/// <summary>
/// Tells wallets whether their owners have second factors, soon after each change, until they know. Every silo may run it: a wallet that
/// is told twice, or late, is not misled.
/// </summary>
internal sealed partial class FactorNewsWorker(FactorNews news, IGrainFactory grains, TimeProvider time, ILogger<FactorNewsWorker> logger)
    : BackgroundService
{
    // So many wallets are told at once; one that does not answer holds none of the others.
    private const int MostAtOnce = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    public override void Dispose()
    {
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var change in _places.CurrentCount is > 0 and var free ? await news.TakeAsync(free, stoppingToken) : [])
                {
                    await _places.WaitAsync(stoppingToken);
                    _ = TellAsync(change, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException e)
            {
                LogNotRead(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(FactorChange change, CancellationToken stoppingToken)
    {
        try
        {
            var wallet = grains.GetGrain<IWalletInternal>(WalletId.Of(change.User).Value);
            if (await wallet.SetSecondFactorAsync(change.User, change.IsSet, change.Version, change.Since))
            {
                await news.DoneAsync(change, stoppingToken);
            }
        }
        catch (Exception e)
        {
            // The row is still there, and due again.
            LogNotTold(e, change.User);
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

    [LoggerMessage(1070, LogLevel.Warning, "The wallet of {User} could not be told of his second factor; it is tried again")]
    private partial void LogNotTold(Exception exception, UserId user);

    [LoggerMessage(1071, LogLevel.Warning, "It could not be read which wallets are to be told of second factors; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
