using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// Stores the states of hot grains in the rows, and by the rules, of Orleans' ADO.NET provider; but writes of many grains
/// share a statement. Everything that a write stores is taken before the first await, which is on the grain's turn. A call
/// that is cancelled withdraws nothing.
/// </summary>
internal sealed class GroupCommitStorage(
    GroupCommits commits, NpgsqlDataSource database, IGrainStorageSerializer serializer, IActivatorProvider activators,
    IOptions<PostgresOptions> options, TimeProvider time) : IGrainStorage
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = StateKey.Of(stateName, grainId);
        var (payload, version) = await BoundedRead.RunAsync(cancellationToken => ReadAsync(key, cancellationToken), time);
        // A row without a payload is a cleared state, or one that was claimed before it was: no record, but it has a version.
        var state = payload is null ? default : serializer.Deserialize<T>(BinaryData.FromBytes(payload));
        grainState.State = state ?? NewState<T>();
        grainState.ETag = version is { } known ? Text(known) : null;
        grainState.RecordExists = payload is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = StateKey.Of(stateName, grainId);
        var payload = serializer.Serialize(grainState.State).ToArray();
        var carried = CarriedRows<T>.Of(grainState.State);
        CarriedRows<T>.Detach(grainState.State);
        grainState.ETag = Text(await commits.WriteAsync(key, VersionOf(grainState.ETag), payload, carried));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!grainState.RecordExists)
        {
            await ReadStateAsync(stateName, grainId, grainState);
            if (!grainState.RecordExists)
            {
                return;
            }
        }

        grainState.ETag = Text(await commits.WriteAsync(
            StateKey.Of(stateName, grainId), VersionOf(grainState.ETag), payload: null, carried: default));
        grainState.RecordExists = false;
        grainState.State = NewState<T>();
    }

    private async Task<(byte[]? Payload, int? Version)> ReadAsync(StateKey key, CancellationToken cancellationToken)
    {
        await commits.SettleAsync(key, cancellationToken);
        await using var command = database.CreateCommand("SELECT payload, version FROM grain_state_read($1, $2, $3)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _serviceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.StateName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.GrainKey });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.IsDBNull(0) ? null : reader.GetFieldValue<byte[]>(0), reader.GetInt32(1))
            : (null, null);
    }

    private T NewState<T>() => activators.GetActivator<T>().Create();

    private static int? VersionOf(string? etag) =>
        string.IsNullOrWhiteSpace(etag) ? null : int.Parse(etag, CultureInfo.InvariantCulture);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
