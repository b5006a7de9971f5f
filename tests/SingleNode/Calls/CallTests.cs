namespace StellarPay.SingleNode.Tests.Calls;

public sealed class CallTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_call_reaches_the_grain_of_its_key_and_brings_back_the_result()
    {
        var one = silo.Grains.GetGrain<ICounter>("call_one");

        (await one.Add(new Amounts(2, [3, 4]))).ShouldBe(9);
        (await one.Add(new Amounts(1, []))).ShouldBe(10);
        (await silo.Grains.GetGrain<ICounter>("call_two").Get()).ShouldBe(0);
        (await silo.Grains.GetGrain<ICounter>("call_one").Get()).ShouldBe(10);
    }

    [Fact]
    public async Task An_exception_of_the_grain_is_thrown_at_the_caller_with_its_type_and_message()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_throws");

        var thrown = await Should.ThrowAsync<InvalidOperationException>(() => grain.Throw("no such thing"));

        thrown.Message.ShouldBe("no such thing");
        (await grain.Get()).ShouldBe(0, "the grain goes on after an exception");
    }

    [Fact]
    public async Task A_stream_of_results_arrives_in_order_while_other_calls_go_on()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_stream");
        var seen = new List<long>();

        await foreach (var value in grain.CountTo(250).WithCancellation(TestContext.Current.CancellationToken))
        {
            seen.Add(value);
            if (value == 10)
            {
                (await grain.Get()).ShouldBe(0);
            }
        }

        seen.ShouldBe(Enumerable.Range(1, 250).Select(each => (long)each));
    }

    [Fact]
    public async Task A_list_that_was_sent_is_not_shared_with_the_grain_in_either_direction()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_copy");
        var names = new List<string> { "ada" };

        await grain.Keep(names);
        names.Add("eve");
        (await grain.Kept()).ShouldBe(["ada"]);
        (await grain.Kept()).Add("mallory");
        (await grain.Kept()).ShouldBe(["ada"]);
    }

    [Fact]
    public async Task A_caller_that_cancels_stops_waiting_and_the_grain_learns_of_it()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_cancel");
        using var cancel = new CancellationTokenSource();

        var waiting = grain.WaitForCancellation("call_cancel", cancel.Token);
        await Gates.All.HasSaid("call_cancel", "waits");
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await Gates.All.HasSaid("call_cancel", "cancelled");
        (await grain.Get()).ShouldBe(0);
    }

    [Fact]
    public async Task A_one_way_call_returns_before_the_grain_has_run_and_hides_its_exception()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_oneway");

        await grain.Drop("call_oneway");
        Gates.All.Said("call_oneway").ShouldBeEmpty();
        Gates.All.Open("call_oneway");

        await Gates.All.HasSaid("call_oneway", "ran");
    }

    [Fact]
    public async Task References_are_equal_by_identity_and_convert_to_the_interfaces_of_their_grain()
    {
        var grain = silo.Grains.GetGrain<ICounter>("call_reference");

        grain.ShouldBe(silo.Grains.GetGrain<ICounter>("call_reference"));
        grain.GetPrimaryKeyString().ShouldBe("call_reference");
        grain.GetGrainId().ToString().ShouldBe("counter/call_reference");
        (await silo.Grains.GetGrain<ICounter>(grain.GetGrainId()).Get()).ShouldBe(0);
        (await grain.AsReference<ICounter>().Get()).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_key_that_is_blank_is_refused(string? key) =>
        Should.Throw<ArgumentException>(() => silo.Grains.GetGrain<ICounter>(key!));

    [Fact]
    public void An_interface_that_no_grain_implements_is_refused() =>
        Should.Throw<ArgumentException>(() => silo.Grains.GetGrain<INobody>("any"))
            .Message.ShouldContain(nameof(INobody));

    [Alias("tests.INobody")]
    public interface INobody : IGrainWithStringKey
    {
        [Alias("Nothing")]
        Task Nothing();
    }
}
