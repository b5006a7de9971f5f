using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Network;

public sealed class NetworkHaltsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresNetworkHalts Halts => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task A_halt_is_in_force_until_somebody_resumes_and_the_first_reason_stays()
    {
        var first = new NetworkHalt("network_reset", "first", Noon);
        (await Halts.FindAsync(Cancelled)).ShouldBeNull();

        (await Halts.HaltAsync(first, Cancelled)).ShouldBeTrue();
        (await Halts.HaltAsync(first with { Reason = "second" }, Cancelled)).ShouldBeFalse();
        (await Halts.FindAsync(Cancelled)).ShouldBe(first);

        (await Halts.ResumeAsync("usr_1", Noon.AddHours(1), Cancelled)).ShouldBeTrue();
        (await Halts.FindAsync(Cancelled)).ShouldBeNull();
        (await Halts.ResumeAsync("usr_1", Noon.AddHours(1), Cancelled)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_halt_can_follow_one_that_was_resumed()
    {
        await Halts.HaltAsync(new NetworkHalt("network_reset", "first", Noon), Cancelled);
        await Halts.ResumeAsync("usr_1", Noon, Cancelled);

        (await Halts.HaltAsync(new NetworkHalt("network_reset", "second", Noon), Cancelled)).ShouldBeTrue();

        (await Halts.FindAsync(Cancelled)).ShouldNotBeNull().Reason.ShouldBe("second");
    }
}
