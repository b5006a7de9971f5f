using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Wallets;

namespace StellarPay.Adapters.Postgres.Wallets;

internal sealed class PostgresAddressBook(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IAddressBook
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task RegisterAsync(string address, WalletId wallet, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT address_register(@service_id, @address, @wallet_id)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("address", address);
        command.Parameters.AddWithValue("wallet_id", wallet.Value);
        var holder = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (holder != wallet.Value)
        {
            throw new InvalidOperationException($"Address {address} is wallet {holder}'s and cannot be {wallet.Value}'s.");
        }
    }

    public async Task<IReadOnlyDictionary<string, WalletId>> FindAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, WalletId>(StringComparer.Ordinal);
        if (addresses.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(
            "SELECT address, wallet_id FROM address_book WHERE service_id = @service_id AND address = ANY (@addresses)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("addresses", addresses.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0), WalletId.Parse(reader.GetString(1)));
        }

        return found;
    }
}
