using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Adapters.Telemetry;
using StellarPay.Adapters.Tests.Postgres.Projections;
using StellarPay.Adapters.Tests.Postgres.Storage;
using StellarPay.Grains.Events;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Telemetry;

public sealed class StandingReaderTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IOptions<PostgresOptions> Options => Microsoft.Extensions.Options.Options.Create(new PostgresOptions { ServiceId = _service });

    private StandingReader Reader => new(
        database.DataSource, new PostgresLedgerInbox(database.DataSource, Options, TimeProvider.System),
        new PostgresProjections(database.DataSource, Options), new PostgresEventFeed(database.DataSource, Options), Options);

    [Fact]
    public async Task Where_nothing_has_happened_nothing_stands()
    {
        var standing = await Reader.ReadAsync(Noon, Cancelled);

        standing.Parked.ShouldBeEmpty();
        standing.Suspended.ShouldBeEmpty();
        standing.Wakeups.ShouldBeEmpty();
        standing.EventsHeld.ShouldBe(TimeSpan.Zero);
        standing.Projections.ShouldBe(
        [
            new Standing.Lag("payments", 0, TimeSpan.Zero), new Standing.Lag("merchant_events", 0, TimeSpan.Zero),
            new Standing.Lag("journal", 0, TimeSpan.Zero),
        ]);
        standing.Books.ShouldBe([new Standing.Counted("unposted", 0), new Standing.Counted("differs", 0)]);
        standing.Comparing.ShouldBe(new Standing.Compared(TimeSpan.Zero, null, null, 0, 0, TimeSpan.Zero));
        standing.Watermark.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_due_late_parked_or_not_projected_is_counted()
    {
        await WriteAsync("wal_due", Noon);
        await WriteAsync("wal_late", Noon - StandingReader.Late);
        await WriteAsync("wal_later", Noon.AddSeconds(1));
        await ParkAsync();
        await TellAsync();
        await new PaymentEvents(database.DataSource, _service).AppendAsync(PaymentEvents.Credit("4294967297", "wal_1", 1));

        var standing = await Reader.ReadAsync(Noon, Cancelled);

        standing.Wakeups.ShouldBe([new Standing.Due("wallet", 2, 1)]);
        standing.Parked.ShouldBe([new Standing.Counted("parked", 1)]);
        standing.OwnerRows.ShouldBe([new Standing.Counted("waiting", 1), new Standing.Counted("set_aside", 1)]);
        // Other tests have older transactions in flight, which may end between the reader's questions; the event stays.
        await CommitHost.UntilAsync(
            async () => (await Reader.ReadAsync(Noon, Cancelled)).Projections.Single(lag => lag.Projection == "payments").Events == 1);
    }

    // A backup tool, a migration, a forgotten session: in whatever database of the cluster it writes, all readers wait for it.
    [Fact]
    public async Task A_long_transaction_in_another_database_holds_events_back_and_is_named_in_an_alarm()
    {
        await using var elsewhere = new NpgsqlConnection(await PostgresDatabase.CreateEmptyAsync() + ";Application Name=nightly backup;Pooling=false");
        await elsewhere.OpenAsync(Cancelled);
        await using var writing = await elsewhere.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(elsewhere, "CREATE TABLE big (n integer)");
        await using (var append = database.DataSource.CreateCommand(
            """
            INSERT INTO events (event_id, service_id, type, subject, occurred_at, data, recorded_at)
            VALUES ($1, $2, 'wallet.opened', 'wal_1', now(), '{}', now() - interval '1 minute')
            """))
        {
            append.Parameters.AddWithValue($"evt_{Guid.NewGuid():N}");
            append.Parameters.AddWithValue(_service);
            await append.ExecuteNonQueryAsync(Cancelled);
        }

        var standing = await Reader.ReadAsync(Noon, Cancelled);

        standing.EventsHeld.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromSeconds(59));
        // Other tests of this cluster may have begun to write before it.
        var writer = standing.OldestWriter.ShouldNotBeNull();
        writer.For.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
        var log = new Lines();
        new StandingWorker(Reader, TimeProvider.System, TimeProvider.System, log).Alarm(
            standing with { OldestWriter = new Standing.Writer("process 7 (nightly backup) on database x", TimeSpan.FromMinutes(2)) });
        log.All.ShouldContain(line => line.StartsWith("Error 3202 Events wait 00:01:0", StringComparison.Ordinal)
            && line.EndsWith("is process 7 (nightly backup) on database x, for 00:02:00.", StringComparison.Ordinal));

        await writing.RollbackAsync(Cancelled);
        await ExecuteAsync(elsewhere, "BEGIN; SELECT pg_current_xact_id()");
        (await Reader.ReadAsync(Noon, Cancelled)).OldestWriter.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_account_that_nobody_held_against_the_chain_for_long_is_counted_and_named_in_an_alarm()
    {
        await using (var command = database.DataSource.CreateCommand(
            """
            WITH walk AS (
                INSERT INTO book_comparisons (service_id, walk_began_at) VALUES ($1, now() - interval '2 days'))
            INSERT INTO book_uncompared (service_id, address, since, attempts, unclear)
            VALUES ($1, 'GA', now() - interval '31 minutes', 3, 'it could not be read'), ($1, 'GB', now(), 0, NULL)
            """))
        {
            command.Parameters.AddWithValue(_service);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var standing = await Reader.ReadAsync(Noon, Cancelled);

        var comparing = standing.Comparing.ShouldNotBeNull();
        (comparing.Address, comparing.Reason, comparing.Waiting, comparing.Unclear).ShouldBe(("GA", "it could not be read", 2, 1));
        var log = new Lines();
        new StandingWorker(Reader, TimeProvider.System, TimeProvider.System, log).Alarm(standing);
        log.All.ShouldContain(line => line.StartsWith("Error 3220 The books of account GA were not held against the chain for 00:31:", StringComparison.Ordinal)
            && line.EndsWith(": it could not be read.", StringComparison.Ordinal));
        log.All.ShouldContain(line => line.StartsWith("Error 3221 ", StringComparison.Ordinal));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private sealed class Lines : ILogger<StandingWorker>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }

    private async Task ParkAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            """
            INSERT INTO ledger_parked (service_id, owner_kind, owner_key, token, number, error, attempts, status, parked_at)
            VALUES ($1, 'wallet', 'wal_1', 1, 0, 'odd', 1, 'parked', now())
            """);
        command.Parameters.AddWithValue(_service);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    // One that is just on its way, one that waits, and one that was set aside.
    private async Task TellAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            """
            WITH told AS (
                INSERT INTO owner_rows (
                    service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number, content, set_aside, sent_at)
                VALUES ($1, 'merchant', 'mer_1', 'payment_session', 'pay_1', 1, 1, '{}', true, now() - interval '1 minute'),
                    ($1, 'merchant', 'mer_1', 'payment_session', 'pay_1', 2, 1, '{}', false, now() - interval '1 minute'),
                    ($1, 'merchant', 'mer_1', 'payment_session', 'pay_1', 3, 1, '{}', false, now())
                RETURNING *)
            INSERT INTO owner_rows_set_aside (
                service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number, content, error, sent_at)
            SELECT t.service_id, t.owner_kind, t.owner_key, t.sender_kind, t.sender_key, t.sender_version, t.number, t.content, 'odd',
                   t.sent_at
            FROM told t WHERE t.set_aside
            """);
        command.Parameters.AddWithValue(_service);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task WriteAsync(string key, DateTimeOffset due)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, 'wallet', $2, NULL, $3)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(key);
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes($$"""{"dueAt":"{{due:O}}"}"""));
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
