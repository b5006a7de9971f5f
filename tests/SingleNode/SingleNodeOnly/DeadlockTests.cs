namespace StellarPay.SingleNode.Tests.SingleNodeOnly;

/// <summary>Orleans lets these calls time out; SingleNode ends them at once and says why.</summary>
public sealed class DeadlockTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_chain_of_calls_that_comes_back_to_a_waiting_grain_fails_at_once_and_names_the_cycle()
    {
        var thrown = await Should.ThrowAsync<OrleansException>(
            () => silo.Grains.GetGrain<ILink>("cycle_a").Walk(["cycle_b", "cycle_c", "cycle_a"]));

        thrown.Message.ShouldBe(
            "Deadlock: link/cycle_a.Walk waits for itself: link/cycle_a.Walk -> link/cycle_b.Walk -> link/cycle_c.Walk "
            + "-> link/cycle_a.Walk -> link/cycle_a.Walk.");
        (await silo.Grains.GetGrain<ILink>("cycle_a").Walk(["cycle_b"])).ShouldBe("cycle_a cycle_b");
    }

    [Fact]
    public async Task A_grain_that_calls_itself_fails_at_once()
    {
        var thrown = await Should.ThrowAsync<OrleansException>(
            () => silo.Grains.GetGrain<ILink>("cycle_self").Walk(["cycle_self"]));

        thrown.Message.ShouldContain("link/cycle_self.Walk -> link/cycle_self.Walk");
    }

    [Fact]
    public async Task Two_chains_that_wait_for_one_another_do_not_wait_for_their_timeout()
    {
        var one = silo.Grains.GetGrain<ILink>("cross_one").WaitThenWalk("cross", "cross_two");
        var two = silo.Grains.GetGrain<ILink>("cross_two").WaitThenWalk("cross", "cross_one");
        await Eventually.Holds(() => Gates.All.Said("cross").Length == 2, "both wait");
        Gates.All.Open("cross");

        var thrown = await Should.ThrowAsync<OrleansException>(() => Task.WhenAll(one, two));

        thrown.Message.ShouldStartWith("Deadlock: ");
        thrown.Message.ShouldContain("link/cross_one.");
        thrown.Message.ShouldContain("link/cross_two.");
    }

    [Fact]
    public async Task A_cycle_through_the_activation_of_a_grain_is_found_too()
    {
        var thrown = await Should.ThrowAsync<Exception>(() => silo.Grains.GetGrain<IImpatient>("cycle_start").Touch());

        thrown.ToString().ShouldContain("Deadlock: ");
        thrown.ToString().ShouldContain("OnActivateAsync");
    }

    [Fact]
    public async Task A_call_back_that_nobody_waits_for_is_no_deadlock()
    {
        var grain = silo.Grains.GetGrain<ILink>("nowait_a");

        await grain.WalkWithoutWaiting(["nowait_b", "nowait_a"]);

        await Gates.All.HasSaid("nowait_a", "walked");
    }

    [Fact]
    public async Task Work_in_the_background_that_calls_its_own_grain_while_a_call_still_runs_is_no_deadlock()
    {
        var running = silo.Grains.GetGrain<ILink>("background").WalkInBackground("background door");
        await Gates.All.HasSaid("background", "calls itself");

        // Long enough for the cycle to be looked at, and again.
        Gates.All.Said("background").ShouldNotContain("failed");
        await Should.ThrowAsync<TimeoutException>(() => running.WaitAsync(TimeSpan.FromMilliseconds(500)));
        Gates.All.Open("background door");
        await running;

        await Gates.All.HasSaid("background", "walked");
        Gates.All.Said("background").ShouldNotContain("failed");
    }

    [Fact]
    public async Task Callers_that_queue_for_one_grain_are_no_deadlock()
    {
        var calls = Enumerable.Range(0, 50).Select(i => silo.Grains.GetGrain<ILink>($"queue_{i}").Walk(["queue_hub"]));

        (await Task.WhenAll(calls)).Length.ShouldBe(50);
    }
}

[Alias("tests.ILink")]
public interface ILink : IGrainWithStringKey
{
    [Alias("Walk")]
    Task<string> Walk(string[] rest);

    [Alias("WaitThenWalk")]
    Task<string> WaitThenWalk(string door, string next);

    [Alias("WalkWithoutWaiting")]
    Task WalkWithoutWaiting(string[] rest);

    [Alias("WalkInBackground")]
    Task WalkInBackground(string door);
}

public sealed class LinkGrain : Grain, ILink
{
    public async Task<string> Walk(string[] rest)
    {
        var own = this.GetPrimaryKeyString();
        if (rest.Length == 0)
        {
            await Task.Yield();
            Gates.All.Say(own, "walked");
            return own;
        }

        return $"{own} {await GrainFactory.GetGrain<ILink>(rest[0]).Walk(rest[1..])}";
    }

    public async Task<string> WaitThenWalk(string door, string next)
    {
        Gates.All.Say(door, this.GetPrimaryKeyString());
        await Gates.All.Passed(door);
        return await GrainFactory.GetGrain<ILink>(next).Walk([]);
    }

    public async Task WalkInBackground(string door)
    {
        _ = BackgroundAsync();
        await Gates.All.Passed(door);
    }

    private async Task BackgroundAsync()
    {
        var own = this.GetPrimaryKeyString();
        try
        {
            Gates.All.Say(own, "calls itself");
            await GrainFactory.GetGrain<ILink>(own).Walk([]);
        }
        catch (Exception)
        {
            Gates.All.Say(own, "failed");
        }
    }

    public Task WalkWithoutWaiting(string[] rest)
    {
        GrainFactory.GetGrain<ILink>(rest[0]).Walk(rest[1..]).Ignore();
        return Task.CompletedTask;
    }
}

[Alias("tests.IImpatient")]
public interface IImpatient : IGrainWithStringKey
{
    [Alias("Touch")]
    Task Touch();
}

public sealed class ImpatientGrain : Grain, IImpatient
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        await GrainFactory.GetGrain<IImpatient>(this.GetPrimaryKeyString()).Touch();

    public Task Touch() => Task.CompletedTask;
}
