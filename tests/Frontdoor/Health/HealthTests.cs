using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

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
            ["database ok", "silo ok", "network ok"]);
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

    [Fact]
    public async Task Without_its_database_it_is_not_ready()
    {
        await using var break_ = _host.Database.DataSource.CreateCommand("ALTER SCHEMA identity RENAME TO away");
        await break_.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await _host.Anonymous().GetAsync("/health/ready")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "not_ready")
            .Body.GetProperty("error").GetProperty("message").GetString().ShouldBe("Not ready. database: does not answer.");
    }
}
