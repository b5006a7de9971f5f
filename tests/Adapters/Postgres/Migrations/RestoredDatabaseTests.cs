using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Migrations;

/// <summary>A database that was restored into a cluster whose transaction ids are behind its events is refused, by a sentence.</summary>
public sealed class RestoredDatabaseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_start_refuses_events_of_transactions_that_are_still_to_come()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddStellarPayPostgres(options => options.ConnectionString = database.ConnectionString);
        using var host = builder.Build();
        await InsertAsync("pg_current_xact_id()");
        await host.MigratePostgresAsync(TestContext.Current.CancellationToken);
        await InsertAsync("'8589934999'");

        var refusal = await Should.ThrowAsync<MigrationException>(host.MigratePostgresAsync(TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("events of transaction 8589934999,");
        refusal.Message.ShouldContain("pg_resetwal --epoch=3 on");
    }

    [Theory]
    [InlineData(1_000UL, 1)]
    [InlineData(4_294_967_295UL, 1)]
    [InlineData(4_294_967_296UL, 2)]
    public void The_epoch_that_it_names_is_the_one_after_all_that_is_stored(ulong stored, int epoch) =>
        RestoredTransactionIds.Sentence(stored).ShouldContain($"--epoch={epoch} ");

    private async Task InsertAsync(string xid)
    {
        await using var command = database.DataSource.CreateCommand(
            $"""
            INSERT INTO events (xid, event_id, service_id, type, subject, occurred_at, data)
            VALUES ({xid}, 'evt_1', 'tests', 'tested', 'x', now(), jsonb_build_object())
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
