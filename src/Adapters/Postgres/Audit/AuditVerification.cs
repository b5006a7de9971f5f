using System.Data;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>What came of a verification.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Chains">In how many chains.</param>
/// <param name="Checkpoints">The number of the newest checkpoint; 0 without any.</param>
/// <param name="Faults">What is not as it was written, the first ones of each chain.</param>
public sealed record AuditReport(long Entries, int Chains, long Checkpoints, IReadOnlyList<AuditFault> Faults);

/// <summary>
/// Reads the whole audit log of a service in one snapshot and says what was changed, removed, inserted or cut off. Trusts neither the
/// database's functions nor its triggers; of what is newer than the newest head that is known elsewhere only the cut end escapes it.
/// </summary>
public sealed class AuditVerification(NpgsqlDataSource database, IOptions<PostgresOptions> options)
{
    // More say nothing new.
    private const int MostFaultsOfChain = 20;

    private readonly string _serviceId = options.Value.ServiceId;

    /// <summary>The head that the notary says it has written to the ledger; null before the first.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<AuditHead?> ReadAnchoredAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT (payload -> 'anchored')::text FROM grain_state WHERE service_id = $1 AND state_name = $2 AND grain_key = $3");
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(GrainState.Notary);
        command.Parameters.AddWithValue(INotaryGrain.Key);
        return await command.ExecuteScalarAsync(cancellationToken) is string json
            ? JsonSerializer.Deserialize<AuditHead>(json, StateJson.Options)
            : null;
    }

    /// <summary>Verifies all chains.</summary>
    /// <param name="heads">Heads of the checkpoints' chain that are known elsewhere, each with who knows it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<AuditReport> VerifyAsync(
        IReadOnlyList<(AuditHead Head, string Witness)> heads, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var witnesses = new CheckpointHeads();
        var name = AuditChains.Checkpoints(_serviceId);
        var checkpoints = new AuditChainWalk(name, heads.Select(head => new KnownHead(head.Head, head.Witness)));
        await ReadAsync(connection, name, row =>
        {
            checkpoints.Take(row);
            witnesses.Take(row);
        }, cancellationToken);
        var faults = new List<AuditFault>(checkpoints.End().Take(MostFaultsOfChain));
        var (entries, chains) = (checkpoints.Count, checkpoints.Count > 0 ? 1 : 0);
        foreach (var chain in (await ListAsync(connection, cancellationToken)).Union(witnesses.Chains).Where(chain => chain != name))
        {
            if (!AuditChains.Of(_serviceId).Contains(chain))
            {
                faults.Add(new AuditFault(chain, 1, "is in a chain that StellarPay has not"));
                continue;
            }

            var walk = new AuditChainWalk(chain, witnesses.Of(chain));
            await ReadAsync(connection, chain, walk.Take, cancellationToken);
            faults.AddRange(walk.End().Take(MostFaultsOfChain));
            (entries, chains) = (entries + walk.Count, chains + 1);
        }

        return new AuditReport(entries, chains, checkpoints.Last, faults);
    }

    private async Task<List<string>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT DISTINCT chain FROM audit_log WHERE starts_with(chain, $1 || '/') ORDER BY chain", connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = _serviceId } },
        };
        var chains = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            chains.Add(reader.GetString(0));
        }

        return chains;
    }

    // Whoever may change rows may take away what forbids nulls and endless times, too.
    private static async Task ReadAsync(
        NpgsqlConnection connection, string chain, Action<AuditRow> take, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT chain, coalesce(number, 0),
                   CASE WHEN isfinite(recorded_at) THEN (extract(epoch FROM recorded_at) * 1000000)::bigint ELSE 0 END,
                   coalesce(actor, ''), coalesce(action, ''), coalesce(subject, ''), coalesce(data::text, ''),
                   coalesce(encode(previous_hash, 'hex'), ''), coalesce(encode(hash, 'hex'), '')
            FROM audit_log WHERE chain = $1 ORDER BY number
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = chain } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            take(new AuditRow(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetString(7), reader.GetString(8)));
        }
    }
}
