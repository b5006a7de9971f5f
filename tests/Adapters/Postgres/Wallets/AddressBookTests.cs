using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Wallets;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Wallets;

public sealed class AddressBookTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private readonly WalletId _wallet = WalletId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresAddressBook Book => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task A_registered_address_is_found_and_others_are_not()
    {
        var other = WalletId.New(TimeProvider.System);
        await Book.RegisterAsync("GA", _wallet, Cancelled);
        await Book.RegisterAsync("GB", other, Cancelled);

        var found = await Book.FindAsync(["GA", "GB", "GC"], Cancelled);

        found.ShouldBe(new Dictionary<string, WalletId> { ["GA"] = _wallet, ["GB"] = other }, ignoreOrder: true);
        (await Book.FindAsync([], Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Registering_again_does_no_harm()
    {
        await Book.RegisterAsync("GA", _wallet, Cancelled);
        await Book.RegisterAsync("GA", _wallet, Cancelled);

        (await Book.FindAsync(["GA"], Cancelled))["GA"].ShouldBe(_wallet);
    }

    [Fact]
    public async Task An_address_never_gets_a_second_owner()
    {
        var other = WalletId.New(TimeProvider.System);
        await Book.RegisterAsync("GA", _wallet, Cancelled);

        var refusal = await Should.ThrowAsync<InvalidOperationException>(
            () => Book.RegisterAsync("GA", other, Cancelled));

        refusal.Message.ShouldBe($"Address GA is wallet {_wallet}'s and cannot be {other}'s.");
        (await Book.FindAsync(["GA"], Cancelled))["GA"].ShouldBe(_wallet);
        await using var update = database.DataSource.CreateCommand("UPDATE address_book SET wallet_id = 'wal_x'");
        (await Should.ThrowAsync<PostgresException>(() => update.ExecuteNonQueryAsync(Cancelled)))
            .MessageText.ShouldBe("address_book is append-only: UPDATE refused");
    }

    [Fact]
    public async Task Of_ten_wallets_that_claim_an_address_at_once_one_has_it()
    {
        var wallets = Enumerable.Range(0, 10).Select(_ => WalletId.New(TimeProvider.System)).ToArray();

        var results = await Task.WhenAll(wallets.Select(async wallet =>
        {
            try
            {
                await Book.RegisterAsync("GR", wallet, Cancelled);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }));

        results.Count(won => won).ShouldBe(1);
        (await Book.FindAsync(["GR"], Cancelled))["GR"].ShouldBe(wallets[Array.IndexOf(results, true)]);
    }
}
