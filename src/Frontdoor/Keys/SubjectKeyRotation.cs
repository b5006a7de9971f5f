using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Keys;

/// <summary>
/// Has the current key wrap the data keys of subjects that another one wraps. Which key that is, a process is told when it starts,
/// so it looks once, until it has been through; several front doors may do it at once.
/// </summary>
internal sealed partial class SubjectKeyRotation(ISubjectKeys keys, TimeProvider time, ILogger<SubjectKeyRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailures = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await GoThroughAsync(stoppingToken) is var failed and > 0)
                {
                    LogLeft(logger, failed);
                }
                else
                {
                    return;
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops, and takes apart what is used here. A failure that left here would be the host's.
                return;
            }
            catch (Exception e)
            {
                LogFailed(logger, e);
            }

            await Task.Delay(PauseAfterFailures, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> GoThroughAsync(CancellationToken cancellationToken)
    {
        var failed = 0;
        var page = new RewrappedPage(null, 0);
        do
        {
            page = await keys.RewrapPageAsync(page.Last, cancellationToken);
            failed += page.Failed;
        }
        while (page.Last is not null);

        return failed;
    }

    [LoggerMessage(EventId = 5011, Level = LogLevel.Error,
        Message = "The data keys of {Failed} subjects are wrapped by a key that is missing in DATA_ENCRYPTION_KEY; nothing of theirs can be read.")]
    private static partial void LogLeft(ILogger logger, int failed);

    [LoggerMessage(EventId = 5010, Level = LogLevel.Warning, Message = "Data keys of subjects could not be wrapped anew; it is tried again in a minute.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
