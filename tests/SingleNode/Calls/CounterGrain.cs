using Orleans.Concurrency;

namespace StellarPay.SingleNode.Tests.Calls;

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

    [Alias("Keep")]
    Task Keep(List<string> names);

    [Alias("Kept")]
    Task<List<string>> Kept();

    [Alias("WaitForCancellation")]
    Task WaitForCancellation(string log, CancellationToken cancellationToken);

    [OneWay, Alias("Drop")]
    Task Drop(string log);
}

[GenerateSerializer, Immutable, Alias("tests.Amounts")]
public sealed record Amounts([property: Id(0)] long First, [property: Id(1)] IReadOnlyList<long> More);

public sealed class CounterGrain : Grain, ICounter
{
    private long _value;
    private List<string> _names = [];

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

    public Task Keep(List<string> names)
    {
        _names = names;
        return Task.CompletedTask;
    }

    public Task<List<string>> Kept() => Task.FromResult(_names);

    public async Task WaitForCancellation(string log, CancellationToken cancellationToken)
    {
        Gates.All.Say(log, "waits");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Gates.All.Say(log, "cancelled");
            throw;
        }
    }

    public async Task Drop(string log)
    {
        await Gates.All.Passed(log);
        Gates.All.Say(log, "ran");
        throw new InvalidOperationException("Nobody hears this.");
    }
}
