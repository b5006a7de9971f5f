using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>Reads of a payee's stored wallet what a payer must know.</summary>
internal sealed class PostgresPayeeAccounts(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IPayeeAccounts
{
    private const string Holding =
        """
        SELECT coalesce(s.payload -> 'balances' ? $3, false), coalesce((s.payload -> 'balances' -> $3 ->> 'stroops')::bigint, 0),
            s.payload -> 'balances' -> $3 ->> 'frozenSince' IS NOT NULL
        FROM ledger_addresses a
        JOIN grain_state s ON s.service_id = a.service_id AND s.state_name = a.owner_kind AND s.grain_key = a.owner_key
        WHERE a.service_id = $1 AND a.address = $2 AND a.owner_kind = 'wallet' AND s.payload ->> 'status' = 'Active'
        """;

    // A wallet that is being opened is stored without a status: that is its first.
    private const string Status =
        """
        SELECT coalesce(s.payload ->> 'status', 'Opening')
        FROM ledger_addresses a
        JOIN grain_state s ON s.service_id = a.service_id AND s.state_name = a.owner_kind AND s.grain_key = a.owner_key
        WHERE a.service_id = $1 AND a.address = $2 AND a.owner_kind = 'wallet'
        """;

    private const string Wallet =
        """
        SELECT s.payload ->> 'address', coalesce(s.payload ->> 'status', 'Opening'), coalesce((s.payload ->> 'retired')::boolean, false)
        FROM grain_state s
        WHERE s.service_id = $1 AND s.state_name = 'wallet' AND s.grain_key = $2 AND s.payload ->> 'address' <> ''
        """;

    // A session that was never paid, expired or canceled is stored without a status: that is its first. One that lives by a test clock ends
    // by that, and no ledger closes at its times: what pays it may come to a ledger whenever that is.
    private const string Session =
        """
        SELECT (s.payload ->> 'status' IS NULL OR s.payload ->> 'status' = 'Created')
                AND (s.clock IS NULL
                    OR (c.frozen_time < (s.payload ->> 'expiresAt')::timestamptz AND c.status NOT IN ('deleting', 'deleted'))),
            CASE WHEN s.clock IS NULL THEN (s.payload ->> 'expiresAt')::timestamptz END,
            t.owner_key
        FROM pay_to t
        JOIN grain_state s ON s.service_id = t.service_id AND s.state_name = t.owner_kind AND s.grain_key = t.owner_key
        LEFT JOIN test_clocks c ON c.service_id = s.service_id AND c.id = s.clock
        WHERE t.service_id = $1 AND t.address = $2 AND t.number = $3 AND t.owner_kind = 'payment_session'
            AND ($4 IS NULL OR t.owner_key = $4)
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<NetworkAccount?> FindAsync(string address, string asset, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Holding);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(address);
        command.Parameters.AddWithValue(asset);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        // An account always takes XLM; a trustline it has for sure where it once held some.
        return reader.GetBoolean(0) || asset == Asset.Native.Canonical
            ? new PayeeHolding(reader.GetInt64(1), reader.GetBoolean(2)).ToAccount(asset)
            : null;
    }

    public async Task<PayeeWallet?> FindWalletAsync(string wallet, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Wallet);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(wallet);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PayeeWallet(reader.GetString(0), Enum.Parse<WalletStatus>(reader.GetString(1)), reader.GetBoolean(2))
            : null;
    }

    public async Task<WalletStatus?> FindStatusAsync(string address, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Status);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(address);
        return await command.ExecuteScalarAsync(cancellationToken) is string status ? Enum.Parse<WalletStatus>(status) : null;
    }

    public async Task<PayableUntil?> FindSessionAsync(string address, long number, string? session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Session);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(address);
        command.Parameters.AddWithValue(number);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = session });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PayableUntil(
                reader.GetBoolean(0), reader.IsDBNull(1) ? DateTimeOffset.MaxValue : reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetString(2))
            : null;
    }
}
