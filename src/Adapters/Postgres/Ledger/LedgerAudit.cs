using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Ledger;

/// <summary>An owner's stored balance of an asset beside the one that the stored ledger gives, in stroops.</summary>
/// <param name="Asset">The asset's canonical name.</param>
/// <param name="Stored">What the owner's state says.</param>
/// <param name="Replayed">What its movements sum up to.</param>
public sealed record ReplayedBalance(string Asset, long Stored, long Replayed);

/// <summary>What came of a replay.</summary>
/// <param name="Address">The owner's account.</param>
/// <param name="Rows">How many rows of the ledger were read.</param>
/// <param name="Waiting">How many more the owner has not taken in yet; they count in neither sum.</param>
/// <param name="Parked">How many it could not take in; they count in neither sum.</param>
/// <param name="Balances">Each asset that either side knows.</param>
public sealed record ReplayReport(string Address, long Rows, long Waiting, long Parked, IReadOnlyList<ReplayedBalance> Balances)
{
    /// <summary>Whether both sides say the same.</summary>
    public bool Agrees => Balances.All(balance => balance.Stored == balance.Replayed);
}

/// <summary>Replays what ledgers held for an owner, and compares. Reads one snapshot, so that it may run at any time.</summary>
public sealed class LedgerAudit(NpgsqlDataSource database, IOptions<PostgresOptions> options)
{
    private readonly string _serviceId = options.Value.ServiceId;

    /// <summary>Replays one owner; null where there is none with this key.</summary>
    /// <param name="key">The owner's key, such as <c>wal_…</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ReplayReport?> ReplayAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        if (await FindAsync(connection, key, cancellationToken) is not { } owner)
        {
            return null;
        }

        var (waiting, parked) = await CountAsync(connection, owner, cancellationToken);
        var entries = await ReadAsync(connection, owner, cancellationToken);
        var replayed = LedgerReplay.Balances(owner.Address, entries);
        var balances = owner.Balances.Keys.Union(replayed.Keys).Order(StringComparer.Ordinal)
            .Select(asset => new ReplayedBalance(asset, owner.Balances.GetValueOrDefault(asset), replayed.GetValueOrDefault(asset)));
        return new ReplayReport(owner.Address, entries.Count, waiting, parked, [.. balances]);
    }

    private async Task<Owner?> FindAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT s.state_name, s.grain_key, s.payload ->> 'address', s.payload -> 'balances'
            FROM grain_state s
            WHERE s.service_id = $1 AND s.grain_key = $2 AND s.payload ? 'drained' AND s.payload ? 'balances'
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = _serviceId }, new() { Value = key } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Owner(reader.GetString(0), reader.GetString(1), reader.GetString(2), BalancesOf(reader.GetString(3)))
            : null;
    }

    private async Task<(long Waiting, long Parked)> CountAsync(
        NpgsqlConnection connection, Owner owner, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT (SELECT count(*) FROM ledger_inbox i WHERE i.service_id = $1 AND i.owner_kind = $2 AND i.owner_key = $3),
                   (SELECT count(*) FROM ledger_parked p
                    WHERE p.service_id = $1 AND p.owner_kind = $2 AND p.owner_key = $3 AND p.status <> 'applied')
            """,
            connection)
        {
            Parameters = { new() { Value = _serviceId }, new() { Value = owner.Kind }, new() { Value = owner.Key } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    // All that the owner was given and has taken in.
    private async Task<List<LedgerEntry>> ReadAsync(NpgsqlConnection connection, Owner owner, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT m.token, m.number, m.kind, m.content
            FROM ledger_movements m
            WHERE m.service_id = $1 AND ($2 || '/' || $3) = ANY (m.readers) AND m.kind <> 'unread'
              AND NOT EXISTS (
                  SELECT FROM ledger_inbox i
                  WHERE i.service_id = $1 AND i.owner_kind = $2 AND i.owner_key = $3 AND i.token = m.token AND i.number = m.number)
              AND NOT EXISTS (
                  SELECT FROM ledger_parked p
                  WHERE p.service_id = $1 AND p.owner_kind = $2 AND p.owner_key = $3 AND p.token = m.token
                    AND p.number = m.number AND p.status <> 'applied')
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = _serviceId }, new() { Value = owner.Kind }, new() { Value = owner.Key } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<LedgerEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(LedgerEntryJson.Read(
                new LedgerPlace(reader.GetInt64(0), reader.GetInt32(1)), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        }

        return entries;
    }

    private static Dictionary<string, long> BalancesOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(
            balance => balance.Name,
            balance => balance.Value.TryGetProperty("stroops", out var stroops) ? stroops.GetInt64() : 0,
            StringComparer.Ordinal);
    }

    private sealed record Owner(string Kind, string Key, string Address, IReadOnlyDictionary<string, long> Balances);
}
