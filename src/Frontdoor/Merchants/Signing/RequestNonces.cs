using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// Nonces that were used, for all front doors: each of a key once. They go when no front door takes their request any more, were its clock
/// minutes behind. Any number of front doors may see to that.
/// </summary>
internal sealed partial class RequestNonces(
    NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time, TimeProvider machine,
    ILogger<RequestNonces> logger) : UpkeepWorker(TimeSpan.FromMinutes(1), machine)
{
    // In one statement.
    private const int Page = 1_000;

    private const int MostPages = 1_000;

    // Clocks of front doors may differ by so much.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Takes one; false where it was used.</summary>
    /// <param name="key">The key that it is of.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="endsAt">From when on its request is too old.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<bool> TakeAsync(string key, string nonce, DateTimeOffset endsAt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT merchants.nonce_take($1, $2, $3)");
        command.Parameters.AddWithValue(key);
        command.Parameters.AddWithValue(nonce);
        command.Parameters.AddWithValue(endsAt);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Forgets some that are over; how many.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT merchants.nonces_prune($1, $2)");
        command.Parameters.AddWithValue(time.GetUtcNow() - Margin);
        command.Parameters.AddWithValue(Page);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var pages = 0; pages < MostPages && await PruneAsync(cancellationToken) == Page; pages++)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 3280, Level = LogLevel.Warning, Message = "Nonces of signed requests could not be forgotten; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
