using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Grains.Audit;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Audit;

public sealed class PostgresAuditLogTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly PostgresAuditLog _log = new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = "tests" }));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_is_stored_whole_in_its_subjects_chain()
    {
        var detail = JsonSerializer.SerializeToElement(new { keyId = "local:1" });
        await _log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", "wal_1", detail), Cancelled);
        await _log.AppendAsync(new AuditEntry("wal_1", "key.unwrap", "wal_1"), Cancelled);

        await using var command = database.DataSource.CreateCommand(
            "SELECT actor || ' ' || action || ' ' || data FROM audit_log WHERE chain = $1 AND subject = 'wal_1' ORDER BY number");
        command.Parameters.AddWithValue(_log.ChainOf("wal_1"));
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            rows.Add(reader.GetString(0));
        }

        rows.ShouldBe(["""usr_1 key.unwrap {"keyId": "local:1"}""", "wal_1 key.unwrap {}"]);
    }

    [Fact]
    public void A_subjects_chain_never_changes()
    {
        // Stored rows are found by it.
        _log.ChainOf("wal_1").ShouldBe("tests/07");
        _log.ChainOf("usr_2").ShouldBe("tests/08");
    }

    [Fact]
    public async Task All_chains_stand_after_many_writers_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(
            n => _log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", $"wal_many_{n % 50}"), Cancelled)));

        await using var command = database.DataSource.CreateCommand(
            """
            SELECT count(*) FILTER (WHERE audit_verify(chain) IS NOT NULL), sum(entries)
            FROM (SELECT chain, count(*) AS entries FROM audit_log WHERE subject LIKE 'wal_many_%' GROUP BY chain) c
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        (await reader.ReadAsync(Cancelled)).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(0);
        reader.GetDecimal(1).ShouldBe(100);
    }
}
