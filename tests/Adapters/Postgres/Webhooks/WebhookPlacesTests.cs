using System.Text.Json;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Webhooks;

/// <summary>Who is served, by infra/postgres/migrations/0055_webhooks.sql: nobody's endpoints stand in the way of another's.</summary>
public sealed class WebhookPlacesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly WebhookRows _rows = new(database, $"tests-{Guid.NewGuid():N}");

    // 512 endpoints that asked for an hour of rest, each redelivered once, kept everybody's retries from being taken for that hour.
    [Fact]
    public async Task What_asked_for_rest_and_is_sent_something_again_stands_in_nobodys_way()
    {
        await _rows.AddAsync("we_a", "mer_a", many: 600, "paused_until = now() + interval '1 hour', failures = 1, is_suspect = true");
        await _rows.AddAsync("we_v", "mer_v", many: 1, "failures = 1, is_suspect = true");
        await _rows.RunAsync("SELECT webhook_redeliver($1, merchant, endpoint, 1) FROM webhook_cursors WHERE service_id = $1 AND endpoint <> 'we_v1'");
        await _rows.RunAsync("SELECT webhook_replay($1, merchant, endpoint, 1) FROM webhook_cursors WHERE service_id = $1 AND endpoint <> 'we_v1'");
        await _rows.RunAsync("SELECT webhook_redeliver($1, 'mer_v1', 'we_v1', 1)");

        (await _rows.TakeAsync(limit: 4)).ShouldBe(["we_v1"]);
        (await _rows.StuckAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_due_that_cannot_be_taken_whoever_writes_it()
    {
        await _rows.AddAsync("we_o", "mer_o", many: 1, "open_until = now() + interval '1 hour', wake_at = now() + interval '1 hour'");
        await _rows.RunAsync("SELECT webhook_redeliver($1, 'mer_o1', 'we_o1', 1)");
        (await _rows.StuckAsync()).ShouldBe(0);

        await _rows.AddAsync("we_t", "mer_t", many: 1, "wake_at = now()");
        (await _rows.TakeAsync(limit: 1)).ShouldBe(["we_t1"]);
        await _rows.RunAsync("SELECT webhook_redeliver($1, 'mer_t1', 'we_t1', 1)");
        await _rows.RunAsync("SELECT webhook_replay($1, 'mer_t1', 'we_t1', 1)");
        (await _rows.SettleAsync("we_t1", failures: 20, restMilliseconds: 3_600_000)).ShouldBe("open");
        (await _rows.StuckAsync()).ShouldBe(0);
        await _rows.RunAsync("SELECT webhook_release($1, 'we_t1', taken_by, interval '0') FROM webhook_cursors WHERE service_id = $1 AND endpoint = 'we_t1'");

        (await _rows.StuckAsync()).ShouldBe(0);
        (await _rows.ScalarAsync<bool>(
            "SELECT wake_at >= open_until AND wake_at >= paused_until AND open_until > now() FROM webhook_cursors WHERE service_id = $1 AND endpoint = 'we_t1'"))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Any_number_of_failing_ones_that_are_due_hide_no_healthy_one()
    {
        await _rows.AddAsync("we_f", "mer_f", many: 600, "wake_at = now() - interval '1 minute', failures = 1, is_suspect = true");
        await _rows.AddAsync("we_h", "mer_h", many: 1, "wake_at = now(), replay_next = 1, replay_to = 2");

        (await _rows.TakeAsync(limit: 8, suspects: 2)).ShouldContain("we_h1");
        (await _rows.TakeAsync(limit: 8, suspects: 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_users_merchants_share_places_and_one_merchants_due_endpoints_hide_nobodys()
    {
        await _rows.AddAsync("we_m", "mer_m", many: 6, "wake_at = now() - interval '1 minute', owner = 'usr_one'");
        await _rows.AddAsync("we_n", "mer_n", many: 1, "wake_at = now()");

        (await _rows.TakeAsync(limit: 1, perOwner: 3)).Length.ShouldBe(1);
        (await _rows.TakeAsync(limit: 8, perOwner: 3)).Length.ShouldBe(3, "two more of the user's, and the other");
        (await _rows.TakeAsync(limit: 8, perOwner: 3)).ShouldBeEmpty();
        (await _rows.ScalarAsync<string>("SELECT owner FROM webhook_cursors WHERE service_id = $1 AND endpoint = 'we_n1'")).ShouldBe("mer_n1");
    }

    // Sixteen endpoints that answered after 9.9 seconds each held the places of a front door for good: they never failed.
    [Fact]
    public async Task Who_takes_long_for_an_answer_shares_the_places_of_those_that_fail_for_a_while()
    {
        await _rows.AddAsync("we_s", "mer_s", many: 1, "wake_at = now()");
        (await _rows.TakeAsync(limit: 1)).ShouldBe(["we_s1"]);

        (await _rows.SettleAsync("we_s1", succeeded: 1, tookMilliseconds: 900)).ShouldBe("ok");
        (await _rows.IsSuspectAsync("we_s1")).ShouldBeFalse();
        await _rows.SettleAsync("we_s1", succeeded: 1, tookMilliseconds: 9_900);
        (await _rows.IsSuspectAsync("we_s1")).ShouldBeTrue();
        await _rows.SettleAsync("we_s1", succeeded: 1, tookMilliseconds: 5);
        (await _rows.IsSuspectAsync("we_s1")).ShouldBeTrue("or every second call would be a fast one");

        await _rows.RunAsync("UPDATE webhook_cursors SET slow_at = now() - interval '11 minutes' WHERE service_id = $1 AND endpoint = 'we_s1'");
        await _rows.SettleAsync("we_s1", succeeded: 1, tookMilliseconds: 5);
        (await _rows.IsSuspectAsync("we_s1")).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_never_took_anything_is_left_alone_after_twenty_failures_however_soon_they_came()
    {
        await _rows.AddAsync("we_u", "mer_u", many: 2, "wake_at = now()");
        (await _rows.TakeAsync(limit: 2)).Length.ShouldBe(2);

        (await _rows.SettleAsync("we_u1", failures: 19)).ShouldBe("ok");
        (await _rows.SettleAsync("we_u1", failures: 1)).ShouldBe("open");

        await _rows.SettleAsync("we_u2", succeeded: 1);
        (await _rows.ScalarAsync<bool>("SELECT is_proven FROM webhook_endpoints WHERE service_id = $1 AND id = 'we_u2'")).ShouldBeTrue();
        (await _rows.SettleAsync("we_u2", failures: 40)).ShouldBe("ok", "it may only be restarting");
    }

    // What was to be tried again was lost, and no gap was shown.
    [Fact]
    public async Task What_was_to_be_tried_again_when_an_endpoint_is_disabled_is_in_the_gap_that_is_shown()
    {
        await _rows.AddAsync("we_d", "mer_d", many: 1, "number = 10");
        await _rows.RunAsync(
            """
            INSERT INTO webhook_retries (service_id, endpoint, number, attempt, due_at, first_failed_at)
            SELECT $1, 'we_d1', n, 1, CASE WHEN n > 6 THEN now() + interval '30 seconds' END, now() FROM generate_series(5, 9) n
            """);

        await _rows.RunAsync("SELECT webhook_close($1, 'we_d1', 'merchant', '', false)");
        await _rows.RunAsync("SELECT webhook_open($1, 'we_d1')");

        (await _rows.ScalarAsync<string>(
            "SELECT from_number || ' ' || to_number FROM webhook_skips WHERE service_id = $1 AND endpoint = 'we_d1'")).ShouldBe("7 10");
        await _rows.RunAsync("SELECT webhook_close($1, 'we_d1', 'merchant', '', false)");
        await _rows.RunAsync("SELECT webhook_open($1, 'we_d1')");
        (await _rows.ScalarAsync<long>("SELECT count(*) FROM webhook_skips WHERE service_id = $1")).ShouldBe(1, "nothing was missed since");
    }

    [Fact]
    public async Task A_second_replay_adds_to_the_first_and_one_of_nothing_changes_nothing()
    {
        await _rows.AddAsync("we_r", "mer_r", many: 1, "number = 10");
        (await ReplayAsync(4)).ShouldBe((7, "4 10"));
        (await ReplayAsync(9)).ShouldBe((2, "4 10"));
        (await ReplayAsync(long.MaxValue)).ShouldBe((0, "4 10"));
        (await ReplayAsync(2)).ShouldBe((9, "2 10"));
    }

    private async Task<(long Many, string Standing)> ReplayAsync(long from) => (
        await _rows.ScalarAsync<long>($"SELECT webhook_replay($1, 'mer_r1', 'we_r1', {from})"),
        await _rows.ScalarAsync<string>(
            "SELECT replay_next || ' ' || replay_to FROM webhook_cursors WHERE service_id = $1 AND endpoint = 'we_r1'"));
}

/// <summary>Endpoints as a test needs them, each of a merchant of its own who has ten events.</summary>
internal sealed class WebhookRows(PostgresDatabase database, string service)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Adds endpoints <c>we_x1</c>, <c>we_x2</c> and so on, whose cursors are at the end, and sets something of these.</summary>
    public async Task AddAsync(string endpoint, string merchant, int many, string set)
    {
        await RunAsync(
            $"""
            SELECT webhook_endpoint_add($1, '{endpoint}' || n, '{merchant}' || n, 'https://shop.example/', '{"{*}"}', NULL, '{"{}"}', 'v', '\x00', now(), 16)
            FROM generate_series(1, {many}) n
            """);
        await RunAsync(
            $"INSERT INTO merchant_event_heads (service_id, merchant, number, xid, id) SELECT $1, '{merchant}' || n, 10, '1', n FROM generate_series(1, {many}) n");
        await RunAsync($"UPDATE webhook_cursors SET number = 10 WHERE service_id = $1 AND endpoint LIKE '{endpoint}%'");
        await RunAsync($"UPDATE webhook_cursors SET {set} WHERE service_id = $1 AND endpoint LIKE '{endpoint}%'");
    }

    public Task<string[]> TakeAsync(int limit, int suspects = 4, int perOwner = 16) => ScalarAsync<string[]>(
        $"""
        SELECT coalesce(array_agg(t.endpoint ORDER BY t.endpoint), '{"{}"}')
        FROM webhook_take($1, gen_random_uuid(), NULL, {limit}, {suspects}, 8, {perOwner}, interval '30 seconds') t
        """);

    /// <summary>Writes how tries of an endpoint went, which somebody has.</summary>
    public Task<string> SettleAsync(
        string endpoint, int succeeded = 0, int failures = 0, int tookMilliseconds = 5, int? restMilliseconds = null)
    {
        var tries = Enumerable.Range(1, succeeded + failures).Select(n => new
        {
            number = n, event_id = $"evt_{n}", type = "payment_session.created", attempt = 1, outcome = n <= succeeded ? "succeeded" : "failed",
            url = "https://shop.example/", version = "v", headers = new { }, started_at = DateTimeOffset.UnixEpoch, took_ms = tookMilliseconds,
            retry_ms = 10_000, rest_ms = restMilliseconds, unsendable = false,
        });
        return ScalarAsync<string>(
            $"""
            SELECT webhook_settle(
                $1, c.endpoint, c.taken_by, e.revision, c.number, c.ahead, '{JsonSerializer.Serialize(tries)}', interval '30 seconds', 20,
                interval '5 minutes', interval '30 seconds', interval '1 hour', interval '3 days', interval '1 second')
            FROM webhook_cursors c
            JOIN webhook_endpoints e ON e.service_id = c.service_id AND e.id = c.endpoint
            WHERE c.service_id = $1 AND c.endpoint = '{endpoint}'
            """);
    }

    public Task<bool> IsSuspectAsync(string endpoint) =>
        ScalarAsync<bool>($"SELECT is_suspect FROM webhook_cursors WHERE service_id = $1 AND endpoint = '{endpoint}'");

    /// <summary>How many are due that cannot be taken.</summary>
    public Task<long> StuckAsync() => ScalarAsync<long>(
        """
        SELECT count(*) FROM webhook_cursors
        WHERE service_id = $1 AND wake_at <= clock_timestamp() AND greatest(taken_until, open_until, paused_until) > clock_timestamp()
        """);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(service);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    public async Task RunAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(service);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
