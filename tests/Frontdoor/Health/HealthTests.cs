using System.Net;
using Npgsql;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly FrontdoorHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_front_door_that_can_work_is_ready()
    {
        (await _host.Anonymous().GetAsync("/health/live")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("live");
        var ready = (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeOk().Body;
        ready.GetProperty("status").GetString().ShouldBe("ready");
        ready.GetProperty("checks").EnumerateObject().Select(check => $"{check.Name} {check.Value}").ShouldBe(
            ["database ok", "silo ok", "network ok", "incoming ok", "events ok"]);
    }

    [Fact]
    public async Task Without_a_silo_it_lives_but_is_not_ready()
    {
        _host.Grains.Follower.Fails = new TimeoutException("no silo");

        (await _host.Anonymous().GetAsync("/health/live")).ShouldBeOk();
        (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "not_ready")
            .Body.GetProperty("error").GetProperty("message").GetString().ShouldBe("Not ready. silo: does not answer; network: unknown.");
    }

    [Fact]
    public async Task With_a_follower_that_does_not_read_it_is_not_ready()
    {
        _host.Grains.Follower.Running = false;

        (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "not_ready")
            .Body.GetProperty("error").GetProperty("message").GetString().ShouldBe("Not ready. network: the follower is not reading.");
    }

    [Theory]
    [InlineData(0, 0, "It began again.", "everything that pays is halted until an operator resumes it")]
    [InlineData(2, 0, null, "2 operations are parked")]
    [InlineData(0, 0, null, "3 rows that owners told each other are set aside", 3)]
    [InlineData(0, 61, null, "9 ledgers behind the network")]
    public async Task Trouble_with_what_comes_in_shows_and_does_not_shut_the_door(
        int parked, long lag, string? halt, string shown, int aside = 0)
    {
        _host.Grains.Follower.Shape = status =>
            status with { Parked = parked, LagSeconds = lag, LagLedgers = 9, HaltReason = halt, SetAside = aside };

        var ready = (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeOk().Body;

        ready.GetProperty("status").GetString().ShouldBe("degraded");
        ready.GetProperty("checks").GetProperty("incoming").GetString().ShouldBe(shown);
    }

    [Fact]
    public async Task Events_that_a_long_transaction_holds_back_show_and_do_not_shut_the_door()
    {
        await using var elsewhere = new NpgsqlConnection(await PostgresDatabase.CreateEmptyAsync() + ";Pooling=false");
        await elsewhere.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = await elsewhere.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var write = new NpgsqlCommand("CREATE TABLE big (n integer)", elsewhere))
        {
            await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var append = _host.Database.DataSource.CreateCommand(
            """
            INSERT INTO events (event_id, service_id, type, subject, occurred_at, data, recorded_at)
            VALUES ('evt_held', 'stellarpay', 'wallet.opened', 'wal_1', now(), '{}', now() - interval '1 minute')
            """);
        await append.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var ready = (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeOk().Body;

        ready.GetProperty("status").GetString().ShouldBe("degraded");
        ready.GetProperty("checks").GetProperty("events").GetString()!.ShouldMatch("^held back for 6[0-9] s by a transaction that is still writing$");
    }

    [Fact]
    public async Task Without_its_database_it_is_not_ready()
    {
        await using var break_ = _host.Database.DataSource.CreateCommand("ALTER SCHEMA identity RENAME TO away");
        await break_.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "not_ready")
            .Body.GetProperty("error").GetProperty("message").GetString().ShouldBe("Not ready. database: does not answer.");
    }
}
