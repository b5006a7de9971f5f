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
    IOptions<PostgresOptions> options) : IGrainStorage
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = StateKey.Of(stateName, grainId);
        await commits.SettleAsync(key, CancellationToken.None);
        await using var command = database.CreateCommand("SELECT payload, version FROM grain_state_read($1, $2, $3)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _serviceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.StateName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.GrainKey });
        await using var reader = await command.ExecuteReaderAsync();
        var found = await reader.ReadAsync();
        // A row without a payload is a cleared state, or one that was claimed before it was: no record, but it has a version.
        var exists = found && !reader.IsDBNull(0);
        var state = exists
            ? serializer.Deserialize<T>(BinaryData.FromBytes(reader.GetFieldValue<byte[]>(0)))
            : default;
        grainState.State = state ?? NewState<T>();
        grainState.ETag = found ? Text(reader.GetInt32(1)) : null;
        grainState.RecordExists = exists;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = StateKey.Of(stateName, grainId);
        var payload = serializer.Serialize(grainState.State).ToArray();
        grainState.ETag = Text(await commits.WriteAsync(
            key, VersionOf(grainState.ETag), payload, CarriedRows<T>.Of(grainState.State)));
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

    private T NewState<T>() => activators.GetActivator<T>().Create();

    private static int? VersionOf(string? etag) =>
        string.IsNullOrWhiteSpace(etag) ? null : int.Parse(etag, CultureInfo.InvariantCulture);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
