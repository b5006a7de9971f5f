using System.Globalization;
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
    // Part of what is stored: with another number, a subject's entries would be spread over two chains.
    internal const int Chains = 32;

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT audit_append(@chain, @actor, @action, @subject, @data)");
        command.Parameters.AddWithValue("chain", ChainOf(entry.Subject));
        command.Parameters.AddWithValue("actor", entry.Actor);
        command.Parameters.AddWithValue("action", entry.Action);
        command.Parameters.AddWithValue("subject", entry.Subject);
        command.Parameters.AddWithValue("data", NpgsqlDbType.Jsonb, entry.Detail?.GetRawText() ?? "{}");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The chain of a subject, such as <c>stellarpay/07</c>.</summary>
    internal string ChainOf(string subject)
    {
        // FNV-1a: the same on every machine and in every version, which string.GetHashCode is not.
        var hash = 2166136261u;
        foreach (var c in subject)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{_serviceId}/{hash % Chains:D2}");
    }
}
