using StellarPay.SingleNode.Tests.Life;

namespace StellarPay.SingleNode.Tests.SingleNodeOnly;

/// <summary>
/// A silo of a test cluster dies as a process does. Orleans' own test cluster still deactivates the grains of a silo that
/// it kills, and lets a client's call wait until it times out.
/// </summary>
public sealed class KilledSiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_grains_of_a_killed_silo_vanish_without_a_word()
    {
        await using var cluster = await SiloTests.DeployAsync();
        var second = await cluster.StartAdditionalSiloAsync();
        var grain = await SiloTests.GrainOnAsync(cluster, second, "vanish");

        await cluster.KillSiloAsync(second);

        await SiloTests.TouchAsync(grain);
        Gates.All.Said(grain.GetPrimaryKeyString()).ShouldNotContain(said => said.StartsWith("deactivated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_runs_on_a_silo_when_it_is_killed_fails_as_unavailable()
    {
        await using var cluster = await SiloTests.DeployAsync();
        var second = await cluster.StartAdditionalSiloAsync();
        var grain = await SiloTests.GrainOnAsync(cluster, second, "unavailable");
        var key = grain.GetPrimaryKeyString();
        var inFlight = grain.Wait($"{key} door");
        await Gates.All.HasSaid(key, "waiting");

        await cluster.KillSiloAsync(second);

        await Should.ThrowAsync<SiloUnavailableException>(() => inFlight.WaitAsync(Patience));
    }
}
