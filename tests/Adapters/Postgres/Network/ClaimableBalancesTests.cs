using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Network;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network.Claims;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Network;

public sealed class ClaimableBalancesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_balance_is_known_as_it_was_created_and_others_are_not()
    {
        var balances = new PostgresClaimableBalances(
            database.DataSource, Options.Create(new PostgresOptions { ServiceId = $"tests-{Guid.NewGuid():N}" }));
        var balance = new CreatedBalance("aa", "GA", new Amount(Asset.Native, 7), 3);
        await balances.AddAsync([balance], Cancelled);
        await balances.AddAsync([balance with { Creator = "GB" }], Cancelled);
        await balances.AddAsync([], Cancelled);

        (await balances.FindAsync(["aa", "bb"], Cancelled)).ShouldBe(
            new Dictionary<string, CreatedBalance> { ["aa"] = balance }, ignoreOrder: true);
        (await balances.FindAsync([], Cancelled)).ShouldBeEmpty();
    }
}
