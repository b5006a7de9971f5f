using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Compliance;

internal sealed class PostgresDenyListStore(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IDenyListStore
{
    private const string Columns = "SELECT kind, value, reason, added_by, added_at FROM deny_list";

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<bool> AddAsync(
        string kind, string value, string reason, string addedBy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT deny_list_add($1, $2, $3, $4, $5)");
        foreach (var text in new[] { _serviceId, kind, value, reason, addedBy })
        {
            command.Parameters.AddWithValue(text);
        }

        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<bool> RemoveAsync(string kind, string value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT deny_list_remove($1, $2, $3)");
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<DenyEntry?> FindAsync(string kind, string value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} WHERE service_id = $1 AND kind = $2 AND value = $3");
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(value);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<DenyEntry>> ReadAsync(
        (string Kind, string Value)? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"{Columns} WHERE service_id = $1 AND (kind, value) > ($2, $3) ORDER BY kind, value LIMIT $4");
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(after?.Kind ?? "");
        command.Parameters.AddWithValue(after?.Value ?? "");
        command.Parameters.AddWithValue(Math.Clamp(limit, 1, IDenyListStore.MaxLimit + 1));
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<List<DenyEntry>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var entries = new List<DenyEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new DenyEntry(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return entries;
    }
}
