using Orleans.Concurrency;

namespace StellarPay.SingleNode.Tests.Calls;

public sealed class CallTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_call_reaches_the_grain_of_its_key_and_brings_back_the_result()
    {
        var one = silo.Grains.GetGrain<ICounter>("call_one");
        var two = silo.Grains.GetGrain<ICounter>("call_two");

        (await one.Add(new Amounts(2, [3, 4]))).ShouldBe(9);
        (await one.Add(new Amounts(1, []))).ShouldBe(10);
        (await two.Get()).ShouldBe(0);
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

        await foreach (var value in grain.CountTo(250))
        {
            seen.Add(value);
            if (value == 10)
            {
                (await grain.Get()).ShouldBe(0);
            }
        }

        seen.ShouldBe(Enumerable.Range(1, 250).Select(each => (long)each));
    }
}

[Alias("tests.ICounter")]
public interface ICounter : IGrainWithStringKey
{
    [Alias("Add")]
    Task<long> Add(Amounts amounts);

    [ReadOnly, Alias("Get")]
    ValueTask<long> Get();

    [Alias("Throw")]
    Task Throw(string message);

    [Alias("CountTo")]
    IAsyncEnumerable<long> CountTo(long last);
}

[GenerateSerializer, Immutable, Alias("tests.Amounts")]
public sealed record Amounts([property: Id(0)] long First, [property: Id(1)] IReadOnlyList<long> More);

public sealed class CounterGrain : Grain, ICounter
{
    private long _value;

    public Task<long> Add(Amounts amounts)
    {
        _value += amounts.First + amounts.More.Sum();
        return Task.FromResult(_value);
    }

    public ValueTask<long> Get() => new(_value);

    public async Task Throw(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public async IAsyncEnumerable<long> CountTo(long last)
    {
        for (var value = 1L; value <= last; value++)
        {
            await Task.Yield();
            yield return value;
        }
    }
}
