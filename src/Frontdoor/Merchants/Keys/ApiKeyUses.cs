using System.Collections.Concurrent;
using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>
/// When keys were used last: noted in memory, and written once a minute for all that were, so that no request waits for it.
/// </summary>
internal sealed class ApiKeyUses(NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    // In one statement; the others follow in the next.
    private const int MostAtOnce = 1_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    public void Note(string key) => _used[key] = time.GetUtcNow();

    /// <summary>Writes what was noted since.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (!_used.IsEmpty)
        {
            var some = _used.Take(MostAtOnce).ToArray();
            await using var command = database.CreateCommand("SELECT merchants.keys_used($1, $2)");
            command.Parameters.AddWithValue(some.Select(use => use.Key).ToArray());
            command.Parameters.AddWithValue(some.Select(use => use.Value).ToArray());
            await command.ExecuteNonQueryAsync(cancellationToken);
            foreach (var written in some)
            {
                // Unless it was used since: then it is written the next time.
                _used.TryRemove(written);
            }

            if (some.Length < MostAtOnce)
            {
                return;
            }
        }
    }
}

/// <summary>Writes when keys were used last.</summary>
internal sealed partial class ApiKeyUsesWorker(ApiKeyUses uses, TimeProvider machine, ILogger<ApiKeyUsesWorker> logger)
    : UpkeepWorker(TimeSpan.FromMinutes(1), machine)
{
    protected override Task RunAsync(CancellationToken cancellationToken) => uses.WriteAsync(cancellationToken);

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5701, Level = LogLevel.Warning, Message = "When API keys were used last could not be written; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
