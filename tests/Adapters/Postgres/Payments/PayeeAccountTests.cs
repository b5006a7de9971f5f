using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Grains.Network;
using StellarPay.Grains.Wallets;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Payments;

public sealed class PayeeAccountTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Usdc = "USDC:GISSUER";
    private readonly string _service = $"payees_{Guid.NewGuid():N}";

    [Fact]
    public async Task An_open_wallet_shows_what_it_holds_of_an_asset()
    {
        await StoreAsync("wallet", "wal_1", "GA", $$"""{"status":"Active","balances":{"native":{},"{{Usdc}}":{"stroops":70000000} } }""");

        var native = (await FindAsync("GA", "native"))!;
        var usdc = (await FindAsync("GA", Usdc))!;

        (native.NativeStroops, native.Trustlines.Count, native.MemoRequired).ShouldBe((0, 0, false));
        usdc.Trustlines.Single().ShouldBe(new NetworkTrustline(Usdc, 70_000_000, long.MaxValue, 0, Authorized: true));
    }

    [Fact]
    public async Task What_the_issuer_froze_is_not_authorised()
    {
        await StoreAsync("wallet", "wal_2", "GB", $$"""{"status":"Active","balances":{"{{Usdc}}":{"stroops":1,"frozenSince":7} } }""");

        (await FindAsync("GB", Usdc))!.Trustlines.Single().Authorized.ShouldBeFalse();
    }

    [Fact]
    public async Task An_asset_that_was_never_held_only_the_network_knows_and_xlm_every_account_takes()
    {
        await StoreAsync("wallet", "wal_3", "GC", """{"status":"Active","balances":{} }""");
        await StoreAsync("wallet", "wal_4", "GD", """{"status":"Active"}""");

        (await FindAsync("GC", Usdc)).ShouldBeNull();
        (await FindAsync("GD", Usdc)).ShouldBeNull();
        (await FindAsync("GC", "native")).ShouldNotBeNull();
        (await FindAsync("GD", "native")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("wallet", "Opening")]
    [InlineData("suspense", "Active")]
    public async Task A_wallet_that_is_not_open_and_what_is_no_wallet_only_the_network_knows(string kind, string status)
    {
        var address = $"GE{kind}";
        await StoreAsync(kind, $"key_{kind}", address, $$"""{"status":"{{status}}","balances":{"native":{"stroops":1} } }""");

        (await FindAsync(address, "native")).ShouldBeNull();
        (await FindAsync("GNOBODY", "native")).ShouldBeNull();
    }

    [Theory]
    [InlineData("wallet", "{}", WalletStatus.Opening)]
    [InlineData("wallet", "{\"status\":\"Active\"}", WalletStatus.Active)]
    [InlineData("wallet", "{\"status\":\"Unopened\"}", WalletStatus.Unopened)]
    [InlineData("suspense", "{\"status\":\"Active\"}", null)]
    public async Task Where_a_wallet_stands_its_address_tells_and_no_other(string kind, string state, WalletStatus? expected)
    {
        var address = $"GF{kind}{expected}";
        await StoreAsync(kind, $"key_{kind}{expected}", address, state);

        (await Payees().FindStatusAsync(address, TestContext.Current.CancellationToken)).ShouldBe(expected);
        (await Payees().FindStatusAsync("GNOBODY", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    private Task<NetworkAccount?> FindAsync(string address, string asset) =>
        Payees().FindAsync(address, asset, TestContext.Current.CancellationToken);

    private PostgresPayeeAccounts Payees() =>
        new(database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    private async Task StoreAsync(string kind, string key, string address, string state)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, $2, $3, NULL, $4)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(key);
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(state));
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBeOfType<int>();
        await using var registering = database.DataSource.CreateCommand("SELECT ledger_addresses_register($1, $2, $3, $4::jsonb)");
        registering.Parameters.AddWithValue(_service);
        registering.Parameters.AddWithValue(kind);
        registering.Parameters.AddWithValue(key);
        registering.Parameters.AddWithValue($$"""[{"address":"{{address}}"}]""");
        await registering.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
