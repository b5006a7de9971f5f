using Microsoft.Extensions.Logging;

namespace StellarPay.Grains.Storage;

/// <summary>
/// Wakes an activation soon, where something that it needs was not to be had. One wake-up at a time; should the activation end
/// first, the due index wakes the next one.
/// </summary>
internal sealed partial class SoonWaker(IActivation activation, Func<Task> wake, TimeProvider time, ILogger logger)
{
    /// <summary>The usual pause.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private CancellationTokenSource? _waiting;

    /// <summary>Whether a wake-up is under way.</summary>
    public bool IsWaiting => _waiting is not null;

    /// <summary>Wakes it after a pause, unless a wake-up is under way.</summary>
    public void WakeSoon(TimeSpan? pause = null)
    {
        if (_waiting is null)
        {
            var waiting = new CancellationTokenSource();
            _waiting = waiting;
            activation.RunBeside(() => WakeAsync(waiting, pause ?? Pause));
        }
    }

    /// <summary>Calls the wake-up off.</summary>
    public void Stop()
    {
        _waiting?.Cancel();
        _waiting = null;
    }

    private async Task WakeAsync(CancellationTokenSource waiting, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, waiting.Token);
            _waiting = null;
            await activation.InTurnAsync(wake);
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            LogStopped(activation.Key);
        }
        catch (Exception exception)
        {
            LogFailed(exception, activation.Key);
        }
        finally
        {
            if (ReferenceEquals(_waiting, waiting))
            {
                _waiting = null;
            }

            waiting.Dispose();
        }
    }

    [LoggerMessage(1012, LogLevel.Debug, "A wake-up of {Key} was called off")]
    private partial void LogStopped(string key);

    [LoggerMessage(1013, LogLevel.Warning, "A wake-up of {Key} failed")]
    private partial void LogFailed(Exception exception, string key);
}
