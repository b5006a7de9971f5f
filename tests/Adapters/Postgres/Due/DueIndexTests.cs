using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Due;
using StellarPay.Grains.Scheduling;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Due;

public sealed class DueIndexTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresDueIndex Index => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task What_is_due_comes_oldest_first_and_what_is_not_does_not()
    {
        await WriteAsync("wallet", "wal_later", Noon.AddTicks(10));
        await WriteAsync("wallet", "wal_now", Noon);
        await WriteAsync("loan", "ln_long", Noon.AddYears(-1));
        await WriteAsync("wallet", "wal_earlier", Noon.AddTicks(-10));
        await WriteAsync("wallet", "wal_never", null);
        await WriteAsync("treasury", "plt_treasury", Noon.AddHours(1));
        await WriteAsync("suspense", "plt_suspense", null);

        (await Index.ReadNamesAsync(Noon, Cancelled)).ShouldBe(["loan", "wallet"], ignoreOrder: true);
        (await Index.ReadNamesAsync(Noon.AddHours(1), Cancelled)).ShouldBe(["loan", "treasury", "wallet"], ignoreOrder: true);
        (await Index.ReadNamesAsync(Noon.AddYears(-2), Cancelled)).ShouldBeEmpty();
        (await ReadAsync("wallet")).ShouldBe(
            [new DueEntry("wallet", "wal_earlier", Noon.AddTicks(-10)), new DueEntry("wallet", "wal_now", Noon)]);
        (await ReadAsync("loan")).ShouldBe([new DueEntry("loan", "ln_long", Noon.AddYears(-1))]);
        (await ReadAsync("treasury")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_moves_clears_or_removes_what_is_due()
    {
        await WriteAsync("wallet", "wal_1", Noon);
        await WriteAsync("wallet", "wal_1", Noon.AddHours(1), version: 1);
        (await ReadAsync("wallet")).ShouldBeEmpty();
        (await ReadAsync("wallet", Noon.AddHours(1))).ShouldHaveSingleItem();

        await WriteAsync("wallet", "wal_1", null, version: 2);
        (await ReadAsync("wallet", Noon.AddHours(1))).ShouldBeEmpty();

        await WriteAsync("wallet", "wal_1", Noon, version: 3);
        await ExecuteAsync($"SELECT grain_state_clear('{_service}', 'wallet', 'wal_1', 4)");
        (await ReadAsync("wallet")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_go_on_after_the_last_entry_even_where_many_are_due_at_once()
    {
        for (var n = 0; n < 25; n++)
        {
            await WriteAsync("wallet", $"wal_{n:D2}", Noon);
        }

        var seen = new List<DueEntry>();
        DueEntry? after = null;
        while (await Index.ReadAsync(new DueQuery("wallet", Noon, 0, 1), after, 10, Cancelled) is { Count: > 0 } page)
        {
            seen.AddRange(page);
            after = page[^1];
        }

        seen.Select(entry => entry.GrainKey).ShouldBe(Enumerable.Range(0, 25).Select(n => $"wal_{n:D2}"));
    }

    [Fact]
    public async Task Each_key_belongs_to_exactly_one_partition()
    {
        for (var n = 0; n < 64; n++)
        {
            await WriteAsync("wallet", $"wal_{n:D2}", Noon);
        }

        var parts = new List<IReadOnlyList<DueEntry>>();
        for (var partition = 0; partition < DuePartitions.Count; partition++)
        {
            parts.Add(await Index.ReadAsync(new DueQuery("wallet", Noon, partition, DuePartitions.Count), null, 100, Cancelled));
        }

        parts.SelectMany(part => part).Select(entry => entry.GrainKey).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 64).Select(n => $"wal_{n:D2}"));
        parts.Count(part => part.Count > 0).ShouldBeGreaterThan(DuePartitions.Count / 2);
    }

    private Task<IReadOnlyList<DueEntry>> ReadAsync(string stateName, DateTimeOffset? now = null) =>
        Index.ReadAsync(new DueQuery(stateName, now ?? Noon, 0, 1), null, 10, Cancelled);

    private async Task WriteAsync(string stateName, string key, DateTimeOffset? dueAt, int? version = null)
    {
        var json = dueAt is null ? "{}" : $$"""{"dueAt":"{{dueAt:O}}"}""";
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(stateName);
        command.Parameters.AddWithValue(key);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<int?> { TypedValue = version });
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(json));
        (await command.ExecuteScalarAsync(Cancelled)).ShouldBe((version ?? 0) + 1);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
