using Microsoft.Extensions.Logging;

namespace StellarPay.SingleNode.Tests.Life;

[Alias("tests.ILived")]
public interface ILived : IGrainWithStringKey
{
    [Alias("Touch")]
    Task<string> Touch();

    [Alias("Leave")]
    Task Leave();

    [Alias("LeaveAndWait")]
    Task LeaveAndWait(string door);

    [Alias("StayFor")]
    Task StayFor(TimeSpan span);

    [Alias("Silo")]
    Task<string> Silo();

    [Alias("Wait")]
    Task Wait(string door);
}

/// <summary>Says when it begins and when it ends, and why.</summary>
public abstract class LivedGrain(ILocalSiloDetails silo) : Grain, ILived
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    protected string Log => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Gates.All.Say(Log, "activated");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Gates.All.Say(Log, $"deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<string> Touch() => Task.FromResult(_id);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task LeaveAndWait(string door)
    {
        DeactivateOnIdle();
        Gates.All.Say(Log, "leaving");
        await Gates.All.Passed(door);
        Gates.All.Say(Log, "left");
    }

    public Task StayFor(TimeSpan span)
    {
        DelayDeactivation(span);
        return Task.CompletedTask;
    }

    public Task<string> Silo() => Task.FromResult(silo.Name);

    public async Task Wait(string door)
    {
        Gates.All.Say(Log, "waiting");
        await Gates.All.Passed(door);
        Gates.All.Say(Log, "went on");
    }
}

[Alias("tests.ILongLived")]
public interface ILongLived : ILived;

[Alias("tests.IShortLived")]
public interface IShortLived : ILived;

[Orleans.Placement.RandomPlacement]
public sealed class LongLivedGrain(ILocalSiloDetails silo, ILogger<LongLivedGrain> logger) : LivedGrain(silo), ILongLived
{
    public ILogger Logger { get; } = logger;
}

/// <summary>The test's silos collect it after half a second.</summary>
public sealed class ShortLivedGrain(ILocalSiloDetails silo) : LivedGrain(silo), IShortLived;

[Alias("tests.IFails")]
public interface IFails : IGrainWithStringKey
{
    [Alias("Touch")]
    Task Touch();
}

/// <summary>Cannot be activated until the door is open.</summary>
public sealed class FailsGrain : Grain, IFails
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        Gates.All.Passed($"{this.GetPrimaryKeyString()} may start").IsCompleted
            ? Task.CompletedTask
            : throw new InvalidOperationException("Not today.");

    public Task Touch() => Task.CompletedTask;
}
