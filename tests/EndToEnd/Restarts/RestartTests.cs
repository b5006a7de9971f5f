using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Restarts;

/// <summary>A process that was killed leaves its row in Orleans' membership: as alive, and with nobody to say otherwise.</summary>
public sealed class RestartTests(Deployment deployment) : IClassFixture<Deployment>
{
    private static readonly TimeSpan AtItsAddress = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_process_that_was_killed_is_ready_again_within_ten_seconds()
    {
        await using var person = await deployment.SignUpAsync("restarted");
        await deployment.Process.KillAsync();

        // A machine so busy that the very first start took long is measured by that: what must not come back is the wait for
        // Orleans to believe that the dead one is dead.
        var limit = 2 * deployment.FirstStart > AtItsAddress ? 2 * deployment.FirstStart : AtItsAddress;
        (await BackAfterAsync(person)).ShouldBeLessThan(limit);
    }

    [Fact]
    public async Task When_every_silo_has_died_one_at_another_address_joins_by_itself()
    {
        await using var person = await deployment.SignUpAsync("moved");
        await deployment.Process.KillAsync();
        deployment.MoveSilo();

        (await BackAfterAsync(person)).ShouldBeLessThan(Elsewhere);
    }

    private async Task<TimeSpan> BackAfterAsync(Person person)
    {
        var started = Stopwatch.GetTimestamp();
        await deployment.StartAsync();
        (await person.Api.GetAsync("/v1/wallet")).Required.GetProperty("status").GetString().ShouldBe("active");
        var took = Stopwatch.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"Ready again after {took.TotalSeconds:0.0} s.");
        return took;
    }
}
