using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Reads <c>refund_page</c>.</summary>
internal sealed class PostgresRefundList(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IRefundList
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<StoredRefund>> ReadAsync(
        string merchant, string? after, string? before, DateTimeOffset? from, DateTimeOffset? to, int limit,
        CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id, session, payload FROM refund_page($1, $2, $3, $4, $5, $6, $7)");
        foreach (var text in new[] { _serviceId, merchant, after, before })
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value });
        }

        foreach (var bound in new[] { from, to })
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)bound?.ToUniversalTime() ?? DBNull.Value,
            });
        }

        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<StoredRefund>();
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new StoredRefund(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }

        return page;
    }
}
