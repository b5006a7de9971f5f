using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Removes data keys that sign-ups left which were broken off, a page at a time. Any number of front doors may run it.</summary>
internal sealed partial class StrayKeys(NpgsqlDataSource database, TimeProvider machine, ILogger<StrayKeys> logger)
    : UpkeepWorker(TimeSpan.FromHours(1), machine)
{
    // Keys that are looked at in one statement.
    private const int Page = 1_000;

    private const int MostPages = 100;

    // Where the walk through the keys goes on at the next hour; at the end it begins anew.
    private string _after = "";

    /// <summary>Looks at one page of data keys, and removes those that are nobody's; false where it was the last.</summary>
    public async Task<bool> RemoveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.stray_keys_remove($1, $2)");
        command.Parameters.AddWithValue(_after);
        command.Parameters.AddWithValue(Page);
        _after = await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
        return _after.Length > 0;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var pages = 0; pages < MostPages && await RemoveAsync(cancellationToken); pages++)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5007, Level = LogLevel.Warning, Message = "Data keys of nobody could not be removed; it is tried again at the next hour.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
