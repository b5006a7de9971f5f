using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>What was sent and how that went is kept for thirty days, and then for no longer.</summary>
public sealed class WebhookUpkeepTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateOnly First = new(2031, 1, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_and_tries_are_kept_for_thirty_days_and_dropped_with_the_day_after()
    {
        using var upkeep = new WebhookUpkeep(
            database.DataSource, Options.Create(new PostgresOptions()), TimeProvider.System, NullLogger<WebhookUpkeep>.Instance);
        // The days that the migration made are long over by then.
        (await upkeep.KeepDaysAsync(First, Cancelled)).ShouldBeGreaterThan(0);
        await WriteAsync(First);
        await WriteAsync(First.AddDays(1));
        // A week ahead there is room, should nobody see to it for so long.
        (await ScalarAsync<bool>("SELECT to_regclass(to_char($1::date + 7, '\"webhook_bodies_\"YYYYMMDD')) IS NOT NULL", First)).ShouldBeTrue();

        (await upkeep.KeepDaysAsync(First.AddDays(30), Cancelled)).ShouldBe(0);
        (await BodiesAsync(), await TriesAsync()).ShouldBe(("body of 2031-01-01, body of 2031-01-02", 2));

        (await upkeep.KeepDaysAsync(First.AddDays(31), Cancelled)).ShouldBe(2);
        (await BodiesAsync(), await TriesAsync()).ShouldBe(("body of 2031-01-02", 1));

        (await upkeep.KeepDaysAsync(First.AddDays(31), Cancelled)).ShouldBe(0, "it is done");
        (await upkeep.KeepDaysAsync(First.AddDays(32), Cancelled)).ShouldBe(2);
        (await BodiesAsync(), await TriesAsync()).ShouldBe((null, 0));
    }

    private async Task WriteAsync(DateOnly day)
    {
        await using var command = database.DataSource.CreateCommand(
            """
            WITH kept AS (
                INSERT INTO webhook_bodies (service_id, merchant, number, api_version, kept_on, body)
                VALUES ('stellarpay', 'mer_1', 1, '2026-10-28.endive', $1, convert_to('body of ' || $1::text, 'UTF8')))
            INSERT INTO webhook_tries (
                service_id, endpoint, tried_on, started_at, number, event_id, type, attempt, outcome, url, request_headers, api_version,
                kept_on, took_ms)
            VALUES (
                'stellarpay', 'we_1', $1, $1, 1, 'evt_1', 'payment_session.paid', 1, 'succeeded', 'https://a.test', '{}',
                '2026-10-28.endive', $1, 5)
            """);
        command.Parameters.AddWithValue(day);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private Task<string?> BodiesAsync() => ScalarAsync<string?>(
        "SELECT string_agg(convert_from(body, 'UTF8'), ', ' ORDER BY kept_on) FROM webhook_bodies WHERE kept_on < $1", First.AddDays(3));

    private async Task<long> TriesAsync() => await ScalarAsync<long>("SELECT count(*) FROM webhook_tries WHERE tried_on < $1", First.AddDays(3));

    private async Task<T> ScalarAsync<T>(string sql, DateOnly day)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(day);
        return await command.ExecuteScalarAsync(Cancelled) is T found ? found : default!;
    }
}
