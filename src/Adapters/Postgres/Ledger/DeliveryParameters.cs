using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Ledger;

namespace StellarPay.Adapters.Postgres.Ledger;

/// <summary>What a delivery says to <c>ledger_deliver</c>.</summary>
internal static class DeliveryParameters
{
    /// <summary>Adds it, in the order of the function's parameters.</summary>
    public static void Bind(NpgsqlParameterCollection parameters, string serviceId, LedgerDelivery delivery)
    {
        var entries = delivery.Entries;
        var rows = Enumerable.Range(1, entries.Count).ToArray();
        var named = rows.SelectMany(row => entries[row - 1].Addresses().Select(address => (row, address))).ToArray();
        var payees = rows.Where(row => entries[row - 1].Payee() is not null)
            .Select(row => (row, payee: entries[row - 1].Payee()!.Value)).ToArray();
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (entries[row - 1].Movement is { BalanceId: { } id, Claimants: not null })
            {
                rowOf[id] = row;
            }
        }

        var balances = delivery.Balances.Where(balance => rowOf.ContainsKey(balance.BalanceId)).ToArray();
        PostgresLedgerInbox.Add(parameters, serviceId);
        Add(parameters, NpgsqlDbType.Bigint, delivery.From?.Ledger);
        Add(parameters, NpgsqlDbType.Text, delivery.From?.Hash);
        PostgresLedgerInbox.Add(parameters, delivery.To.Sequence, delivery.To.Hash, delivery.To.ClosedAt.ToUniversalTime());
        Add(parameters, NpgsqlDbType.Jsonb, JsonSerializer.Serialize(delivery.Anchors));
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bigint, entries.Select(entry => entry.Place.Token).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Integer, entries.Select(entry => entry.Place.Number).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, entries.Select(LedgerEntryJson.KindOf).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, entries.Select(HashOf).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bytea, entries.Select(LedgerEntryJson.Write).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Integer, named.Select(each => each.row).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, named.Select(each => each.address.Address).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Boolean, named.Select(each => each.address.Credited).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Integer, payees.Select(each => each.row).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, payees.Select(each => each.payee.Address).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bigint, payees.Select(each => each.payee.Number).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, payees.Select(each => each.payee.Key).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Integer, balances.Select(balance => rowOf[balance.BalanceId]).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, balances.Select(balance => balance.BalanceId).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, balances.Select(balance => balance.Creator).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, balances.Select(balance => balance.Amount.Asset.Canonical).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bigint, balances.Select(balance => balance.Amount.Stroops).ToArray());
        var moved = rows.SelectMany(row => entries[row - 1].Effects().Select(effect => (row, effect))).ToArray();
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Integer, moved.Select(each => each.row).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, moved.Select(each => each.effect.Address).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, moved.Select(each => each.effect.Kind).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Text, moved.Select(each => each.effect.Amount.Asset.Canonical).ToArray());
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bigint, moved.Select(each => each.effect.Amount.Stroops).ToArray());
        Add(
            parameters, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            moved.Select(each => each.effect.ClosedAt.ToUniversalTime()).ToArray());
    }

    private static void Add(NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value) =>
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private static string? HashOf(LedgerEntry entry) =>
        entry.Outcome?.LookUpHash ?? entry.Movement?.TransactionHash ?? entry.Unread?.TransactionHash;
}
