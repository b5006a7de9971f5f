using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Restarts;

/// <summary>
/// A process that was killed leaves its row in Orleans' membership: as alive, and with nobody to say otherwise. How long it
/// takes is told and not judged: it is the machine's speed as much as ours.
/// </summary>
public sealed class RestartTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Fact]
    public async Task A_process_that_was_killed_is_ready_again_when_it_is_started_again()
    {
        await using var person = await deployment.SignUpAsync("restarted");
        await deployment.Process.KillAsync();

        await BackAsync(person);
    }

    [Fact]
    public async Task When_every_silo_has_died_one_at_another_address_joins_by_itself()
    {
        await using var person = await deployment.SignUpAsync("moved");
        await deployment.Process.KillAsync();
        deployment.MoveSilo();

        await BackAsync(person);
    }

    private async Task BackAsync(Person person)
    {
        var started = Stopwatch.GetTimestamp();
        await deployment.StartAsync();
        (await person.Api.GetAsync("/v1/wallet")).Required.GetProperty("status").GetString().ShouldBe("active");
        TestContext.Current.TestOutputHelper?.WriteLine($"Ready again after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }
}
