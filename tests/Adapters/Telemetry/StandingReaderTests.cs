using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Adapters.Telemetry;
using StellarPay.Adapters.Tests.Postgres.Projections;
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
        new PostgresProjections(database.DataSource, Options), Options);

    [Fact]
    public async Task Where_nothing_has_happened_nothing_stands()
    {
        var standing = await Reader.ReadAsync(Noon, Cancelled);

        standing.Parked.ShouldBeEmpty();
        standing.Suspended.ShouldBeEmpty();
        standing.Wakeups.ShouldBeEmpty();
        standing.EventsHeld.ShouldBe(TimeSpan.Zero);
        standing.Projections.ShouldBe([new Standing.Lag("payments", 0, TimeSpan.Zero)]);
        standing.Watermark.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_due_late_parked_or_not_projected_is_counted()
    {
        await WriteAsync("wal_due", Noon);
        await WriteAsync("wal_late", Noon - StandingReader.Late);
        await WriteAsync("wal_later", Noon.AddSeconds(1));
        await ParkAsync();
        await new PaymentEvents(database.DataSource, _service).AppendAsync(PaymentEvents.Credit("4294967297", "wal_1", 1));

        var standing = await Reader.ReadAsync(Noon, Cancelled);

        standing.Wakeups.ShouldBe([new Standing.Due("wallet", 2, 1)]);
        standing.Parked.ShouldBe([new Standing.Counted("parked", 1)]);
        // Either the one or the other, as other tests have older transactions in flight.
        var lag = standing.Projections.ShouldHaveSingleItem();
        (lag.Events == 1 || standing.EventsHeld > TimeSpan.Zero).ShouldBeTrue();
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

    private async Task WriteAsync(string key, DateTimeOffset due)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, 'wallet', $2, NULL, $3)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(key);
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes($$"""{"dueAt":"{{due:O}}"}"""));
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
