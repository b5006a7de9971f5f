using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Grains.Audit;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Audit;

public sealed class AppendCostTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_costs_one_command_outside_of_any_transaction()
    {
        using var seen = new SeenCommands();
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(seen));
        await using var counted = new NpgsqlDataSourceBuilder(database.ConnectionString).UseLoggerFactory(logging).Build();
        var log = new PostgresAuditLog(counted, Options.Create(new PostgresOptions { ServiceId = "counted" }));
        // The first one opens a connection, too.
        await log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", "wal_1"), Cancelled);
        seen.Lines.Clear();

        await log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", "wal_1"), Cancelled);

        seen.Lines.Where(line => line.StartsWith("Npgsql.Command CommandExecutionCompleted", StringComparison.Ordinal)).ShouldHaveSingleItem();
        seen.Lines.ShouldAllBe(line => !line.StartsWith("Npgsql.Transaction", StringComparison.Ordinal));
    }

    private sealed class SeenCommands : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{category} {eventId.Name}");
        }
    }
}
