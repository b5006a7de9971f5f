using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Limits;

public sealed class LimitTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task Limits_are_counted_in_dollars_whatever_asset_is_paid()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10000");
        await payer.FundAsync();
        await TestWorld.UntilAsync(async () => (await payer.ViewAsync()).Balances[0].Balance > 0, "friendbot's XLM has come");
        var payee = world.Network.NewOutsider();
        world.Rates.Set("XLM", 0.5m);

        // 2,000 XLM are 1,000 USD, one stroop more is too much; USDC and XLM are counted together.
        (await payer.QuoteAsync(payee, "2000.0000001", asset: "XLM")).Error!.Code.ShouldBe("payment_limit_exceeded");
        (await payer.QuoteAsync(payee, "2000", asset: "XLM")).Error.ShouldBeNull();
        await payer.QuotedAsync(payee, "1000");
        var refusal = (await payer.QuoteAsync(payee, "500.01")).Error!;

        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "daily_limit_exceeded", "amount"));
        refusal.Message.ShouldBe(
            "Payments in any 24 hours can be at most 2,500.00 USD together at tier 0; 500.00 USD of it is left.");
    }

    [Fact]
    public async Task The_limit_of_30_days_holds_when_each_day_is_within_its_own()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("20000");
        var payee = world.Network.NewOutsider();
        foreach (var day in new[] { 2500, 2500 })
        {
            for (var paid = 0; paid < day; paid += 500)
            {
                await payer.UntilAsync((await payer.PayAsync(payee, "500")).Id, PaymentStatus.Succeeded);
            }

            world.Business.Advance(TimeSpan.FromHours(25));
        }

        var refusal = (await payer.QuoteAsync(payee, "1000.0000001")).Error!;
        refusal.Code.ShouldBe("payment_limit_exceeded");
        await payer.QuotedAsync(payee, "1000");
        refusal = (await payer.QuoteAsync(payee, "0.01")).Error!;
        refusal.Code.ShouldBe("monthly_limit_exceeded");
        refusal.Message.ShouldBe("Payments in any 30 days can be at most 6,000.00 USD together at tier 0; 0.00 USD of it is left.");

        world.Business.Advance(TimeSpan.FromDays(30) + TimeSpan.FromHours(6));
        (await payer.QuoteAsync(payee, "1000")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_payment_counted_is_given_back_exactly_when_the_rate_has_moved()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10000");
        var payee = world.Network.NewOutsider();
        world.Rates.Set("USDC", 0.9m);
        var quote = await payer.QuotedAsync(payee, "1000");
        var kept = await payer.QuotedAsync(payee, "100");
        world.Rates.Set("USDC", 1.1m);

        (await payer.CancelAsync(quote.Id)).Error.ShouldBeNull();

        var limits = await LimitsAsync(payer);
        limits.Daily.ShouldBe(new LimitUsage(25_000_000_000, 900_000_000, 24_100_000_000));
        limits.Monthly.Used.ShouldBe(900_000_000);
        kept.Status.ShouldBe(PaymentStatus.Pending);
    }

    [Fact]
    public async Task Without_a_rate_nothing_is_quoted_and_nothing_is_counted()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Rates.Forget("USDC");

        var refusal = (await payer.QuoteAsync(payee, "1")).Error!;

        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.Unavailable, "rate_unavailable"));
        (await LimitsAsync(payer)).Daily.Used.ShouldBe(0);
    }

    [Fact]
    public async Task A_rate_that_is_too_old_is_no_rate()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Rates.Set("USDC", 1m, world.Business.GetUtcNow());
        world.Business.Advance(TimeSpan.FromMinutes(5));
        (await payer.QuoteAsync(payee, "1")).Error.ShouldBeNull();

        world.Business.Advance(TimeSpan.FromSeconds(1));

        (await payer.QuoteAsync(payee, "1")).Error!.Code.ShouldBe("rate_unavailable");
    }

    [Fact]
    public async Task A_wallet_says_what_it_may_move_to_its_owner_only()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var other = await world.NewUserAsync();

        var limits = await LimitsAsync(payer);

        (limits.Currency, limits.Tier, limits.Payment).ShouldBe(("USD", 0, 10_000_000_000));
        limits.Daily.ShouldBe(new LimitUsage(25_000_000_000, 0, 25_000_000_000));
        limits.Monthly.ShouldBe(new LimitUsage(60_000_000_000, 0, 60_000_000_000));
        (await payer.Wallet.GetLimitsAsync(other.Id)).Error!.Code.ShouldBe("wallet_not_found");
    }

    private static async Task<WalletLimits> LimitsAsync(TestUser user) => (await user.Wallet.GetLimitsAsync(user.Id)).Value!;
}
