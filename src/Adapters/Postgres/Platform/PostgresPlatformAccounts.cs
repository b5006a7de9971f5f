using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Postgres.Platform;

/// <summary>Reads and adds the states of platform accounts, fenced as grains' own writes are.</summary>
internal sealed class PostgresPlatformAccounts(
    NpgsqlDataSource database, PlatformAccountKinds kinds, IOptions<PostgresOptions> options) : IPlatformAccounts
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<PlatformAccount>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT grain_key, address, key_id FROM platform_accounts(@service_id, @state_names)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("state_names", kinds.StateNames.ToArray());
        var accounts = new List<PlatformAccount>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(new PlatformAccount(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return accounts;
    }

    public async Task<bool> TryAddAsync(PlatformSeed seed, CancellationToken cancellationToken)
    {
        // Null for the version: the row must not be there; the function then gives back what it was given.
        await using var command = database.CreateCommand(
            "SELECT grain_state_write(@service_id, @state_name, @grain_key, NULL, @payload)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("state_name", seed.StateName);
        command.Parameters.AddWithValue("grain_key", seed.Name);
        command.Parameters.AddWithValue(
            "payload", JsonSerializer.SerializeToUtf8Bytes(seed.State, seed.State.GetType(), StateJson.Options));
        return await command.ExecuteScalarAsync(cancellationToken) is int;
    }
}
