namespace StellarPay.SingleNode.Tests.Calls;

public sealed class TurnTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static readonly string[] OneAfterTheOther = ["+a", "-a", "+b", "-b"];
    private static readonly string[] Interleaved = ["+a", "+b"];

    [Fact]
    public async Task A_call_begins_only_after_the_one_before_it_has_ended()
    {
        var grain = Grain<ITurns>("turns_order");
        var a = grain.Write("a");
        await Gates.All.HasSaid("turns_order", "+a");
        var b = grain.Write("b");

        Open("turns_order", "b", "a");
        await Task.WhenAll(a, b);

        Gates.All.Said("turns_order").ShouldBe(OneAfterTheOther);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_interleave_at_awaits() =>
        await Interleave(Grain<IReentrantTurns>("turns_reentrant"), (grain, name) => grain.Write(name));

    [Fact]
    public async Task An_always_interleaving_call_does_not_wait_for_others()
    {
        var grain = Grain<ITurns>("turns_always");
        var a = grain.Write("a");
        await Gates.All.HasSaid("turns_always", "+a");
        var b = grain.Peek("b");
        await Gates.All.HasSaid("turns_always", "+b");

        Open("turns_always", "a", "b");
        await Task.WhenAll(a, b);
    }

    [Fact]
    public async Task A_running_call_that_always_interleaves_keeps_nobody_waiting()
    {
        var grain = Grain<ITurns>("turns_peeking");
        var a = grain.Peek("a");
        await Gates.All.HasSaid("turns_peeking", "+a");
        var b = grain.Write("b");
        await Gates.All.HasSaid("turns_peeking", "+b");

        Open("turns_peeking", "a", "b");
        await Task.WhenAll(a, b);
    }

    [Fact]
    public async Task Read_only_calls_interleave_with_one_another() =>
        await Interleave(Grain<ITurns>("turns_readers"), (grain, name) => grain.Read(name));

    [Fact]
    public async Task A_read_only_call_waits_for_one_that_writes_and_the_other_way_round()
    {
        var grain = Grain<ITurns>("turns_rw");
        var a = grain.Write("a");
        await Gates.All.HasSaid("turns_rw", "+a");
        var b = grain.Read("b");
        Open("turns_rw", "a");
        await Gates.All.HasSaid("turns_rw", "+b");
        var c = grain.Write("c");
        Open("turns_rw", "c", "b");
        await Task.WhenAll(a, b, c);

        Gates.All.Said("turns_rw").ShouldBe(["+a", "-a", "+b", "-b", "+c", "-c"]);
    }

    [Fact]
    public async Task The_predicate_of_MayInterleave_decides_which_calls_do()
    {
        var grain = Grain<IChoosyTurns>("turns_choosy");
        var a = grain.Write("a");
        await Gates.All.HasSaid("turns_choosy", "+a");
        var b = grain.Write("b");
        var vip = grain.Write("vip");
        await Gates.All.HasSaid("turns_choosy", "+vip");

        Gates.All.Said("turns_choosy").ShouldNotContain("+b");
        Open("turns_choosy", "a", "b", "vip");
        await Task.WhenAll(a, b, vip);
    }

    [Fact]
    public async Task Stateless_workers_take_calls_side_by_side_up_to_their_number()
    {
        var grain = Grain<IWorkers>("turns_workers");
        var calls = new[] { grain.Write("a"), grain.Write("b"), grain.Write("c") };
        await Eventually.Holds(() => Gates.All.Said("turns_workers").Length == 2, "two of three calls began");

        Open("turns_workers", "a", "b", "c");
        await Task.WhenAll(calls);
        Gates.All.Said("turns_workers").Take(2).ShouldAllBe(each => each.StartsWith('+'));
    }

    [Fact]
    public async Task Turns_never_run_at_the_same_time_even_where_calls_interleave()
    {
        var grain = Grain<IReentrantTurns>("turns_single_threaded");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => grain.CountUp(200)));

        (await grain.MostAtOnce()).ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_a_call_leaves_behind_goes_on_in_turns_of_the_grain()
    {
        var grain = Grain<ITurns>("turns_background");

        await grain.StartInBackground("left");
        var next = grain.Write("next");
        await Gates.All.HasSaid("turns_background", "+next");
        Open("turns_background", "left");
        await Gates.All.HasSaid("turns_background", "-left");
        Open("turns_background", "next");
        await next;

        Gates.All.Said("turns_background").ShouldBe(["+left", "+next", "-left", "-next"]);
    }

    private static async Task Interleave<T>(T grain, Func<T, string, Task> call)
        where T : ITurns
    {
        var log = grain.GetPrimaryKeyString();
        var a = call(grain, "a");
        await Gates.All.HasSaid(log, "+a");
        var b = call(grain, "b");
        await Gates.All.HasSaid(log, "+b");
        Open(log, "a", "b");
        await Task.WhenAll(a, b);
        Gates.All.Said(log).Take(2).ShouldBe(Interleaved);
    }

    private static void Open(string log, params string[] names)
    {
        foreach (var name in names)
        {
            Gates.All.Open($"{log} {name}");
        }
    }

    private T Grain<T>(string key)
        where T : IGrainWithStringKey => typeof(T) == typeof(ITurns)
            ? silo.Grains.GetGrain<T>(key, "StellarPay.SingleNode.Tests.Calls.OrdinaryTurnsGrain")
            : silo.Grains.GetGrain<T>(key);
}
