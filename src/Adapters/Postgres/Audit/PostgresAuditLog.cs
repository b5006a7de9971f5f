using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Audit;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>
/// Appends to one of the service's hash chains. A writer waits for the commit of the one before it in its chain, so
/// there are several; all entries about one subject are in the same one.
/// </summary>
internal sealed class PostgresAuditLog(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IAuditLog
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT audit_append(@chain, @actor, @action, @subject, @data)");
        Add(command, entry);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task AppendDailyAsync(AuditEntry entry, string kind, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT audit_append_daily(@chain, @actor, @action, @subject, @data, @kind)");
        Add(command, entry);
        command.Parameters.AddWithValue("kind", kind);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The chain of a subject, such as <c>stellarpay/07</c>.</summary>
    internal string ChainOf(string subject) => AuditChains.OfSubject(_serviceId, subject);

    private void Add(NpgsqlCommand command, AuditEntry entry)
    {
        command.Parameters.AddWithValue("chain", ChainOf(entry.Subject));
        command.Parameters.AddWithValue("actor", entry.Actor);
        command.Parameters.AddWithValue("action", entry.Action);
        command.Parameters.AddWithValue("subject", entry.Subject);
        command.Parameters.AddWithValue("data", NpgsqlDbType.Jsonb, entry.Detail?.GetRawText() ?? "{}");
    }
}
