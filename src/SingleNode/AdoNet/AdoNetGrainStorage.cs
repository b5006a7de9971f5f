using System.Data.Common;
using System.Globalization;
using System.Text;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace StellarPay.SingleNode;

/// <summary>Grain storage through the same queries, parameters and columns as Orleans' ADO.NET provider.</summary>
internal sealed class AdoNetGrainStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private const string Write = "WriteToStorageKey";
    private const string Read = "ReadFromStorageKey";
    private const string Clear = "ClearStorageKey";
    private const string Delete = "DeleteStorageKey";

    private readonly string _name;
    private readonly string _serviceId;
    private readonly AdoNetGrainStorageOptions _options;
    private readonly AdoDatabase _database;
    private readonly IGrainStorageSerializer _serializer;
    private Dictionary<string, string> _queries = [];

    public AdoNetGrainStorage(
        string name, string serviceId, AdoNetGrainStorageOptions options, IGrainStorageSerializer serializer)
    {
        _name = name;
        _serviceId = serviceId;
        _options = options;
        _serializer = serializer;
        _database = new AdoDatabase(
            $"{nameof(AdoNetGrainStorageOptions)} {name}", options.Invariant, options.ConnectionString, options.DataSource);
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<AdoNetGrainStorage>(_options.InitStage, InitAsync);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var row = (await _database.QueryAsync(
            Query(Read),
            command => AddKey(command, stateName, grainId),
            static row => (Payload: PayloadOf(row), Version: row.Int32OrNull("Version")),
            cancellationToken).ConfigureAwait(false)).SingleOrDefault();
        grainState.State = row.Payload is null
            ? Activator.CreateInstance<T>()
            : _serializer.Deserialize<T>(new BinaryData(row.Payload));
        grainState.ETag = row.Version?.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = row.Payload is not null;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var payload = _serializer.Serialize(grainState.State).ToArray();
        var rows = await _database.QueryAsync(
            Query(Write),
            command => AddKeyAndVersion(command, stateName, grainId, grainState.ETag).With("PayloadBinary", payload),
            static row => row.Int32OrNull("NewGrainStateVersion")?.ToString(CultureInfo.InvariantCulture) ?? "",
            cancellationToken).ConfigureAwait(false);
        var version = rows.SingleOrDefault();
        Check("WriteState", version, stateName, grainId, grainState.ETag);
        grainState.ETag = version;
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (!grainState.RecordExists && string.IsNullOrEmpty(grainState.ETag))
        {
            await ReadStateAsync(stateName, grainId, grainState, cancellationToken).ConfigureAwait(false);
            if (!grainState.RecordExists)
            {
                return;
            }
        }

        var rows = await _database.QueryAsync(
            Query(_options.DeleteStateOnClear ? Delete : Clear),
            command => AddKeyAndVersion(command, stateName, grainId, grainState.ETag),
            static row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture) ?? "",
            cancellationToken).ConfigureAwait(false);
        var version = rows.SingleOrDefault();
        Check("ClearState", version, stateName, grainId, grainState.ETag);
        grainState.ETag = _options.DeleteStateOnClear ? null : version;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static byte[]? PayloadOf(DbDataReader row)
    {
        var ordinal = row.GetOrdinal("PayloadBinary");
        return row.IsDBNull(ordinal) ? null : row.GetFieldValue<byte[]>(ordinal);
    }

    private async Task InitAsync(CancellationToken cancellationToken) => _queries = await _database.QueriesAsync(
        _options.DeleteStateOnClear ? [Write, Read, Clear, Delete] : [Write, Read, Clear], cancellationToken)
        .ConfigureAwait(false);

    private string Query(string key) => _queries.TryGetValue(key, out var text) ? text : throw new InvalidOperationException(
        $"Storage {_name} is used before its silo's stage {_options.InitStage}.");

    private DbCommand AddKey(DbCommand command, string stateName, GrainId grainId)
    {
        var key = new AdoGrainKey(grainId);
        return command
            .With("GrainIdHash", (int?)key.Hash)
            .With("GrainIdN0", key.N0)
            .With("GrainIdN1", key.N1)
            .With("GrainTypeHash", (int?)unchecked((int)StableHash.Compute(Encoding.UTF8.GetBytes(stateName))))
            .With("GrainTypeString", stateName)
            .With("GrainIdExtensionString", key.Extension)
            .With("ServiceId", _serviceId);
    }

    private DbCommand AddKeyAndVersion(DbCommand command, string stateName, GrainId grainId, string? etag) =>
        AddKey(command, stateName, grainId).With(
            "GrainStateVersion",
            string.IsNullOrWhiteSpace(etag) ? null : int.Parse(etag, CultureInfo.InvariantCulture));

    // As Orleans decides it: no row, no version, or the version that was already known is a conflict.
    private void Check(string operation, string? stored, string stateName, GrainId grainId, string? etag)
    {
        if (string.IsNullOrEmpty(stored) || stored == etag)
        {
            throw new InconsistentStateException(
                $"Version conflict ({operation}): ServiceId={_serviceId} ProviderName={_name} GrainType={stateName} "
                + $"GrainId={grainId} ETag={etag}.");
        }
    }
}
