using Orleans.Storage;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>
/// Orleans' ADO.NET provider, with the state made into JSON on the grain's turn. The provider itself does so once it has a
/// connection, off the turn, when a call that interleaves may have changed half of the state.
/// </summary>
internal sealed class TurnStorage(
    IGrainStorage storage, IGrainStorageSerializer serializer, IEventHints hints, TimeProvider time) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StateKey.Of(stateName, grainId);
        var read = await BoundedRead.RunAsync(
            async _ =>
            {
                // The provider knows no cancellation: one that was given up must not touch the grain's own state later.
                var own = new GrainState<T>();
                await storage.ReadStateAsync(stateName, grainId, own);
                return own;
            },
            time);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (read.State!, read.ETag, read.RecordExists);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StateKey.Of(stateName, grainId);
        var raises = CarriedRows<T>.Of(grainState.State).Events > 0;
        var turn = new GrainState<SerializedState>(new SerializedState(serializer.Serialize(grainState.State)), grainState.ETag)
        {
            RecordExists = grainState.RecordExists,
        };
        CarriedRows<T>.Detach(grainState.State);
        await storage.WriteStateAsync(stateName, grainId, turn);
        (grainState.ETag, grainState.RecordExists) = (turn.ETag, turn.RecordExists);
        if (raises)
        {
            hints.Tell();
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StateKey.Of(stateName, grainId);
        return storage.ClearStateAsync(stateName, grainId, grainState);
    }
}
