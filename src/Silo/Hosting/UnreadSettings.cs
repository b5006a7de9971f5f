namespace StellarPay.Silo.Hosting;

/// <summary>
/// Warns of settings that nothing reads, which usually are misspelt. They do not stop the start: a version that is rolled
/// back does not know its successor's.
/// </summary>
internal sealed partial class UnreadSettings(IReadOnlyList<string> names, ILogger<UnreadSettings> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            LogUnread(logger, name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5601, Level = LogLevel.Warning, Message = "There is no setting {Name}; nothing reads it. docs/settings.md has all of them.")]
    private static partial void LogUnread(ILogger logger, string name);
}
