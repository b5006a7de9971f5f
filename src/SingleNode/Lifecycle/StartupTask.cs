using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A delegate that runs at a stage of the silo's start.</summary>
internal sealed class StartupTask(
    IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> task, int stage)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<StartupTask>(stage, cancelled => task(services, cancelled));
}
