using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Reads <c>object_lists</c>, which the writes of states fill, and with each entry the state.</summary>
internal sealed class PostgresObjectLists(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IObjectLists
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<ObjectPage> ReadAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id, payload FROM object_list_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        foreach (var text in new[] { _serviceId, query.Scope, query.Kind, query.After, query.Before, query.Status, query.Origin })
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value });
        }

        foreach (var bound in new[] { query.From, query.To })
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)bound?.ToUniversalTime() ?? DBNull.Value,
            });
        }

        command.Parameters.Add(new NpgsqlParameter { Value = query.Limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var objects = new List<(string Id, byte[] Stored)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            objects.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        }

        var more = objects.Count > query.Limit;
        if (more)
        {
            // The one that is too many is the farthest: last of what is older, first of what is newer.
            objects.RemoveAt(query.Before is null ? objects.Count - 1 : 0);
        }

        return new ObjectPage(objects, more);
    }

    public async Task<byte[]?> FindAsync(string kind, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT payload FROM grain_state_read($1, $2, $3)");
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }
}
