using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Limits;

/// <summary>Whoever has no second factor pays less in a day.</summary>
public sealed class FactorLimitTests(FactorWorld shared) : IClassFixture<FactorWorld>
{
    private const long Thousand = 10_000_000_000;

    [Fact]
    public async Task Without_a_second_factor_a_day_ends_at_a_thousand_dollars_and_the_refusal_says_what_raises_it()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("30000");
        var payee = world.Network.NewOutsider();
        await user.QuotedAsync(payee, "600");

        var refusal = (await user.QuoteAsync(payee, "400.01")).Error!;

        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "daily_limit_exceeded", "amount"));
        refusal.Message.ShouldBe("Payments in any 24 hours can be at most 1,000.00 USD together at tier 0; 400.00 USD of it is left."
            + " With a second factor it is 25,000.00 USD.");
        (await DailyAsync(user)).ShouldBe(Thousand);
        await user.QuotedAsync(payee, "400");
    }

    [Fact]
    public async Task With_a_second_factor_the_day_is_that_of_the_tier_until_it_is_taken_away()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewProtectedUserAsync("30000");
        var payee = world.Network.NewOutsider();
        (await DailyAsync(user)).ShouldBe(25 * Thousand);
        await user.QuotedAsync(payee, "10000");
        await user.QuotedAsync(payee, "10000");
        (await user.QuoteAsync(payee, "5000.01")).Error!.Message.ShouldBe(
            "Payments in any 24 hours can be at most 25,000.00 USD together at tier 0; 5,000.00 USD of it is left.");

        (await user.TellAsync(false, 2)).ShouldBeTrue();

        (await user.QuoteAsync(payee, "1")).Error!.Code.ShouldBe("daily_limit_exceeded");
        (await DailyAsync(user)).ShouldBe(Thousand);
    }

    [Fact]
    public async Task A_factor_that_is_new_raises_nothing_for_a_day_and_the_refusal_says_from_when_on_it_does()
    {
        // The bug kept away: whoever takes an account over sets up a factor of his own, and pays 25 times as much by it at once.
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("30000");
        var payee = world.Network.NewOutsider();
        var since = world.Business.GetUtcNow();
        (await user.TellAsync(true, 1, since)).ShouldBeTrue();

        (await DailyAsync(user)).ShouldBe(Thousand);
        (await user.QuoteAsync(payee, "1000.01")).Error!.Message.ShouldBe(
            "Payments in any 24 hours can be at most 1,000.00 USD together at tier 0; 1,000.00 USD of it is left."
            + $" With the second factor, which is new, it is 25,000.00 USD from {since.AddHours(24):yyyy-MM-dd HH:mm} UTC on.");
        // Told again, or of another factor beside it: it counts from the first.
        (await user.TellAsync(true, 2, since)).ShouldBeTrue();
        world.Business.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await DailyAsync(user)).ShouldBe(Thousand);
        world.Business.Advance(TimeSpan.FromSeconds(1));
        (await DailyAsync(user)).ShouldBe(25 * Thousand);
        await user.QuotedAsync(payee, "5000");

        // Taken away and set up anew is new.
        (await user.TellAsync(false, 3)).ShouldBeTrue();
        (await user.TellAsync(true, 4, world.Business.GetUtcNow())).ShouldBeTrue();
        (await DailyAsync(user)).ShouldBe(Thousand);
    }

    [Fact]
    public async Task What_comes_late_or_twice_changes_nothing()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        (await user.TellAsync(false, 2)).ShouldBeTrue();
        (await user.TellAsync(true, 1)).ShouldBeTrue();
        (await DailyAsync(user)).ShouldBe(Thousand);
        (await user.TellAsync(true, 3)).ShouldBeTrue();
        var writes = world.Storage.Stored(GrainState.Wallet, user.Key).ToJsonString();

        (await user.TellAsync(true, 3)).ShouldBeTrue();
        (await user.TellAsync(false, 2)).ShouldBeTrue();

        (await DailyAsync(user)).ShouldBe(25 * Thousand);
        world.Storage.Stored(GrainState.Wallet, user.Key).ToJsonString().ShouldBe(writes);
    }

    [Fact]
    public async Task A_wallet_that_is_not_there_yet_or_is_anothers_is_not_told()
    {
        var world = await shared.ForTestAsync();
        var (nobody, user, other) = (world.NewUnopenedUser(), await world.NewUserAsync(), await world.NewUserAsync());

        (await nobody.TellAsync(true, 1)).ShouldBeFalse();
        (await (user with { Id = other.Id }).TellAsync(true, 1)).ShouldBeFalse();

        (await DailyAsync(user)).ShouldBe(Thousand);
        (await nobody.CreateAsync()).Error.ShouldBeNull();
        (await nobody.TellAsync(true, 1)).ShouldBeTrue();
        (await DailyAsync(nobody)).ShouldBe(25 * Thousand);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_wallet_whose_write_failed_is_told_again(Failing how)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        world.Storage.FailNextWriteOf(user, how);

        await Should.ThrowAsync<Exception>(user.TellAsync(true, 1));
        (await DailyAsync(user)).ShouldBe(how == Failing.BeforeTheWrite ? Thousand : 25 * Thousand);
        (await user.TellAsync(true, 1)).ShouldBeTrue();

        (await DailyAsync(user)).ShouldBe(25 * Thousand);
    }

    [Fact]
    public async Task Who_is_better_known_has_his_tiers_day_either_way()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var order = new AdminOrder(UserId.New(TimeProvider.System), "papers seen");

        (await user.Wallet.AsReference<IWalletControl>().SetTierAsync(order, 1)).Error.ShouldBeNull();

        (await DailyAsync(user)).ShouldBe(100 * Thousand);
    }

    [Fact]
    public async Task The_day_without_a_factor_holds_when_fifty_ask_at_once()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("30000");
        var payee = world.Network.NewOutsider();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => user.QuoteAsync(payee, "150")));

        quotes.Count(quote => quote.IsSuccess).ShouldBe(6);
        quotes.Where(quote => !quote.IsSuccess).ShouldAllBe(quote => quote.Error!.Code == "daily_limit_exceeded");
    }

    private static async Task<long> DailyAsync(TestUser user) => (await user.Wallet.GetLimitsAsync(user.Id)).Value!.Daily.Limit;
}
