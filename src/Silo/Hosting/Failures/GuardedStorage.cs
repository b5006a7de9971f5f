using Orleans.Storage;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Hosting.Failures;

/// <summary>
/// The grains' storage. An activation whose state cannot be read ends at once: a failure while it begins passes no call
/// filter, and Orleans would reject the waiting calls with an exception that may have no codec, and that says too much.
/// </summary>
internal sealed class GuardedStorage(IGrainStorage storage, IGrainContextAccessor activation) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        try
        {
            await storage.ReadStateAsync(stateName, grainId, grainState, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (activation.GrainContext is { } context)
            {
                await context.RefuseCallsAsync(e, $"The read of the state '{stateName}'");
            }

            throw;
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.WriteStateAsync(stateName, grainId, grainState);

    // A call that is cancelled withdraws no write: what was decided would be half known.
    public Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        storage.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ClearStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        storage.ClearStateAsync(stateName, grainId, grainState);
}
