using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>Has owners told which keys have had the same secret for long; each once. Any number of front doors may run it.</summary>
internal sealed partial class ApiKeyReports(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time, TimeProvider machine, ILogger<ApiKeyReports> logger)
    : UpkeepWorker(TimeSpan.FromHours(1), machine)
{
    // In one transaction.
    private const int Page = 100;

    private const int MostPages = 100;

    /// <summary>Reports some keys; false where there are no more.</summary>
    public async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT merchants.keys_report($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(now - options.Value.KeyReportAfter);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(Page);
        return await command.ExecuteScalarAsync(cancellationToken) is Page;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var pages = 0; pages < MostPages && await ReportAsync(cancellationToken); pages++)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5702, Level = LogLevel.Warning, Message = "Old API keys could not be reported; it is tried again at the next hour.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
