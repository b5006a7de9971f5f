using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;

namespace StellarPay.Silo.Hosting;

/// <summary>Where keys are not made by themselves, a silo does not start before every platform account has one.</summary>
internal sealed class PlatformKeysAtStart(
    IPlatformAccounts accounts, PlatformAccountKinds kinds, IOptions<PlatformOptions> platform, IOptions<NetworkOptions> network)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (platform.Value.MayGenerateKeys(network.Value))
        {
            return;
        }

        var there = (await accounts.ListAsync(cancellationToken)).Select(account => account.Name);
        string[] missing = [.. kinds.Keys(platform.Value).Except(there)];
        if (missing.Length > 0)
        {
            throw PlatformKeyMissingException.For(missing);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
