namespace StellarPay.SingleNode.Tests.Calls;

public sealed class ContextTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task The_request_context_travels_with_a_call_and_on_to_the_calls_that_it_makes()
    {
        RequestContext.Set("trace", "t-1");

        var seen = await silo.Grains.GetGrain<IChain>("ctx_a").ContextAfter(["ctx_b", "ctx_c"], "trace");

        seen.ShouldBe(["t-1", "t-1", "t-1"]);
    }

    [Fact]
    public async Task What_a_grain_sets_in_its_context_does_not_come_back_to_the_caller()
    {
        RequestContext.Set("changed", "before");

        await silo.Grains.GetGrain<IChain>("ctx_set").SetContext("changed", "after");

        RequestContext.Get("changed").ShouldBe("before");
    }

    [Fact]
    public async Task A_call_without_context_does_not_see_that_of_the_call_before_it()
    {
        var grain = silo.Grains.GetGrain<IChain>("ctx_leak");
        RequestContext.Set("leak", "secret");
        await grain.ContextAfter([], "leak");
        RequestContext.Clear();

        (await grain.ContextAfter([], "leak")).ShouldBe([""]);
    }

    [Fact]
    public async Task A_call_chain_that_was_allowed_to_may_come_back_to_a_waiting_grain()
    {
        var grain = silo.Grains.GetGrain<IChain>("ctx_reenter");

        (await grain.CallBackOver("ctx_middle")).ShouldBe("ctx_reenter was called back");
    }
}

[Alias("tests.IChain")]
public interface IChain : IGrainWithStringKey
{
    [Alias("ContextAfter")]
    Task<List<string>> ContextAfter(List<string> others, string key);

    [Alias("SetContext")]
    Task SetContext(string key, string value);

    [Alias("CallBackOver")]
    Task<string> CallBackOver(string middle);

    [Alias("Forward")]
    Task<string> Forward(string target);

    [Alias("Answer")]
    Task<string> Answer();
}

public sealed class ChainGrain : Grain, IChain
{
    public async Task<List<string>> ContextAfter(List<string> others, string key)
    {
        var own = RequestContext.Get(key) as string ?? "";
        var rest = others.Count == 0
            ? []
            : await GrainFactory.GetGrain<IChain>(others[0]).ContextAfter([.. others.Skip(1)], key);
        return [own, .. rest];
    }

    public Task SetContext(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public async Task<string> CallBackOver(string middle)
    {
        using var _ = RequestContext.AllowCallChainReentrancy();
        return await GrainFactory.GetGrain<IChain>(middle).Forward(this.GetPrimaryKeyString());
    }

    public Task<string> Forward(string target) => GrainFactory.GetGrain<IChain>(target).Answer();

    public Task<string> Answer() => Task.FromResult($"{this.GetPrimaryKeyString()} was called back");
}
