using Orleans.Storage;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>A storage that fails as the grain's key says.</summary>
internal sealed class TroubleStorage : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        throw Trouble.Of(TroubleKey.KindOf(grainId.Key.ToString()!));
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
}
