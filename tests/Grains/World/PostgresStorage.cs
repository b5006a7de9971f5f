using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Payments;
using StellarPay.Tests.Shared;

namespace StellarPay.Grains.Tests.World;

/// <summary>
/// The product's own storage: states, events, keys, due index, addresses, parked operations and claimable balances in
/// PostgreSQL, under a service id of the world's own.
/// </summary>
internal sealed class PostgresStorage(PostgresDatabase database) : WorldStorage
{
    private const string Real = "real";
    private const string Hot = "hot";

    public override JsonObject[] Events
    {
        get
        {
            using var command = Command(
                """
                SELECT jsonb_build_object('id', event_id, 'type', type, 'at', occurred_at, 'subject', subject, 'owner', owner,
                    'data', data)
                FROM events WHERE service_id = $1 ORDER BY id
                """);
            using var reader = command.ExecuteReader();
            var events = new List<JsonObject>();
            while (reader.Read())
            {
                events.Add(JsonNode.Parse(reader.GetString(0))!.AsObject());
            }

            return [.. events];
        }
    }

    public override (string State, string Key)[] Places
    {
        get
        {
            using var command = Command("SELECT state_name, grain_key FROM grain_state WHERE service_id = $1");
            using var reader = command.ExecuteReader();
            var places = new List<(string, string)>();
            while (reader.Read())
            {
                places.Add((reader.GetString(0), reader.GetString(1)));
            }

            return [.. places];
        }
    }

    public override JsonObject? Find(string stateName, string key)
    {
        using var command = Command(
            "SELECT payload FROM grain_state WHERE service_id = $1 AND state_name = $2 AND grain_key = $3", stateName, key);
        return command.ExecuteScalar() is string payload ? JsonNode.Parse(payload)!.AsObject() : null;
    }

    public override IReadOnlyDictionary<string, JsonObject> Rows(string stateName, string key)
    {
        using var command = Command(
            """
            SELECT row_key, payload FROM grain_rows WHERE service_id = $1 AND state_name = $2 AND grain_key = $3
            ORDER BY row_key COLLATE "C"
            """,
            stateName, key);
        using var reader = command.ExecuteReader();
        var rows = new Dictionary<string, JsonObject>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0), JsonNode.Parse(reader.GetString(1))!.AsObject());
        }

        return rows;
    }

    public override void TakeKey(string grainKey, IdempotencyKeyEntry entry)
    {
        using var command = Command(
            """
            INSERT INTO idempotency_keys (service_id, grain_key, key_hash, fingerprint, subject, given_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6 - interval '24 hours', $6)
            """,
            grainKey, entry.Hash, entry.Fingerprint, entry.Subject, entry.Until.UtcDateTime);
        command.ExecuteNonQuery();
    }

    public override IReadOnlyList<(string Wallet, string Id)> ConfirmName(byte[] digest, string user, string name, DateTimeOffset now)
    {
        using var confirm = Command(
            "SELECT identity.invitations_redeem($1, $2, $3, 'email', $4, $5)", digest, user, Encoding.UTF8.GetBytes(name), now.UtcDateTime);
        confirm.ExecuteNonQuery();
        using var command = Command(
            "SELECT wallet, id FROM identity.invitations WHERE service_id = $1 AND name_digest = $2 AND user_id = $3", digest, user);
        using var reader = command.ExecuteReader();
        var confirmed = new List<(string, string)>();
        while (reader.Read())
        {
            confirmed.Add((reader.GetString(0), reader.GetString(1)));
        }

        return confirmed;
    }

    public override int CountInvited(byte[] digest)
    {
        using var command = Command(
            "SELECT count(*)::integer FROM identity.invitations WHERE service_id = $1 AND name_digest = $2", digest);
        return (int)command.ExecuteScalar()!;
    }

    public override void AddTo(ISiloBuilder silo)
    {
        silo.Services.AddStellarPayPostgres(options =>
            (options.ConnectionString, options.ServiceId) = (database.ConnectionString, ServiceId));
        silo.AddPostgresGrainStorage(Real).AddGroupCommitGrainStorage(Hot);
        AddStorage(
            silo.Services, provider => provider.GetRequiredKeyedService<IGrainStorage>(Real),
            provider => provider.GetRequiredKeyedService<IGrainStorage>(Hot));
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = database.DataSource.CreateCommand(sql);
        foreach (var parameter in parameters.Prepend(ServiceId))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
