using System.Text.Json;
using Orleans.Storage;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>Grain state as UTF-8 JSON, the bytes that <c>grain_state_write</c> takes and <c>grain_state_read</c> gives.</summary>
public sealed class StateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input is SerializedState serialized
        ? serialized.Json
        : BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(input, StateJson.Options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, StateJson.Options);
}

/// <summary>A state that was made into JSON on its grain's turn, on its way to a provider that would do so later.</summary>
/// <param name="Json">The JSON.</param>
internal sealed record SerializedState(BinaryData Json);
