using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Postgres.Platform;

internal sealed class PostgresSuspense(NpgsqlDataSource database, IOptions<PostgresOptions> options) : ISuspense
{
    private const string Columns =
        "id, paging_token, ledger, transaction_hash, account, account_key, asset, stroops, sender, sender_muxed, "
        + "account_muxed, memo, memo_type, received_at, status, decision";

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<SuspendedDeposit?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync("id = $2", cancellationToken, id)).SingleOrDefault();

    public Task<IReadOnlyList<SuspendedDeposit>> ListAsync(
        SuspenseStatus? status, string? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            "($2 = '' OR status = $2) AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4",
            cancellationToken,
            status is { } some ? Text(some) : "",
            before ?? "",
            limit);

    private async Task<IReadOnlyList<SuspendedDeposit>> ReadAsync(
        string condition, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM suspense WHERE service_id = $1 AND {condition}");
        Add(command.Parameters, [_serviceId, .. values]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<SuspendedDeposit>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(new SuspendedDeposit(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt64(7), TextOrNull(reader, 8), TextOrNull(reader, 9),
                TextOrNull(reader, 10), TextOrNull(reader, 11), TextOrNull(reader, 12),
                reader.GetFieldValue<DateTimeOffset>(13),
                Enum.Parse<SuspenseStatus>(reader.GetString(14), ignoreCase: true),
                TextOrNull(reader, 15) is { } decision ? JsonSerializer.Deserialize<SuspenseDecision>(decision, StateJson.Options) : null));
        }

        return read;
    }

    private static string? TextOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static string Text(SuspenseStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value is null
                ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = DBNull.Value }
                : new NpgsqlParameter { Value = value });
        }
    }
}
