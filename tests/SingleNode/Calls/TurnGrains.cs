using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace StellarPay.SingleNode.Tests.Calls;

[Alias("tests.ITurns")]
public interface ITurns : IGrainWithStringKey
{
    [Alias("Write")]
    Task Write(string name);

    [ReadOnly, Alias("Read")]
    Task Read(string name);

    [AlwaysInterleave, Alias("Peek")]
    Task Peek(string name);

    [Alias("CountUp")]
    Task CountUp(int times);

    [Alias("MostAtOnce")]
    Task<int> MostAtOnce();

    [Alias("StartInBackground")]
    Task StartInBackground(string name);
}

[Alias("tests.IReentrantTurns")]
public interface IReentrantTurns : ITurns;

[Alias("tests.IChoosyTurns")]
public interface IChoosyTurns : ITurns;

[Alias("tests.IWorkers")]
public interface IWorkers : ITurns;

/// <summary>Each call says when it begins and ends, and waits in between until the test opens its door.</summary>
public abstract class TurnsGrain : Grain, ITurns
{
    private int _atOnce;
    private int _mostAtOnce;

    private string Log => this.GetPrimaryKeyString();

    public Task Write(string name) => Run(name);

    public Task Read(string name) => Run(name);

    public Task Peek(string name) => Run(name);

    public async Task CountUp(int times)
    {
        // No lock: two turns at once would lose counts, or be seen here.
        for (var i = 0; i < times; i++)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, ++_atOnce);
            Thread.SpinWait(20);
            _atOnce--;
            await Task.Yield();
        }
    }

    public Task<int> MostAtOnce() => Task.FromResult(_mostAtOnce);

    public Task StartInBackground(string name)
    {
        Run(name).Ignore();
        return Task.CompletedTask;
    }

    private async Task Run(string name)
    {
        Gates.All.Say(Log, $"+{name}");
        await Gates.All.Passed($"{Log} {name}");
        Gates.All.Say(Log, $"-{name}");
    }
}

public sealed class OrdinaryTurnsGrain : TurnsGrain;

[Reentrant]
public sealed class ReentrantTurnsGrain : TurnsGrain, IReentrantTurns;

[MayInterleave(nameof(IsWelcome))]
public sealed class ChoosyTurnsGrain : TurnsGrain, IChoosyTurns
{
    public static bool IsWelcome(IInvokable request) =>
        request.GetArgumentCount() > 0 && request.GetArgument(0) is string name && name.StartsWith("vip", StringComparison.Ordinal);
}

[StatelessWorker(2)]
public sealed class WorkersGrain : TurnsGrain, IWorkers;
