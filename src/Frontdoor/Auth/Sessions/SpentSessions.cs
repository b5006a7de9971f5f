using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// Removes sessions that were ended, once no access token of theirs can be about: whoever logs in all day, who may, leaves no more of them
/// than of one day. Any number of front doors may run it.
/// </summary>
internal sealed partial class SpentSessions(
    NpgsqlDataSource database,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<SpentSessions> logger) : UpkeepWorker(TimeSpan.FromMinutes(10), machine)
{
    // In one transaction, for which readers of events wait.
    private const int Page = 500;

    // More go ten minutes later.
    private const int MostPages = 200;

    /// <summary>Removes a page of them, and says whether there may be more.</summary>
    public async Task<bool> RemoveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.spent_sessions_remove($1, $2)");
        command.Parameters.AddWithValue(business.GetUtcNow() - EndedSessions.Kept);
        command.Parameters.AddWithValue(Page);
        return await command.ExecuteScalarAsync(cancellationToken) is Page;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var pages = 0; pages < MostPages && await RemoveAsync(cancellationToken); pages++)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5405, Level = LogLevel.Warning, Message = "Sessions that are long over could not be removed; it is tried again in ten minutes.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
