using Microsoft.Extensions.Configuration;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Missing_settings_are_named_in_a_sentence()
    {
        var result = new OptionsRules<NetworkOptions>().Validate(null, new NetworkOptions());

        result.Failed.ShouldBeTrue();
        result.Failures.ShouldContain("Network:Passphrase is missing: the passphrase of the Stellar network.");
        result.Failures.ShouldContain("Network:Assets must name 1 to 10 assets.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,000")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("9999999999999")]
    public void A_limit_that_is_no_amount_is_refused(string limit) =>
        new OptionsRules<LimitOptions>()
            .Validate(null, new LimitOptions { Tiers = new TierTable { Tier2 = new TierOptions { Payment = limit, Daily = "1", Monthly = "1" } } })
            .Failures!.ShouldContain("StellarPay:Limits:Tiers:2:Payment must be a decimal string such as 10000.");

    [Fact]
    public void Limits_that_fall_from_payment_to_day_to_month_are_refused() =>
        new OptionsRules<LimitOptions>()
            .Validate(null, new LimitOptions { Tiers = new TierTable { Tier1 = new TierOptions { Payment = "5", Daily = "4", Monthly = "4" } } })
            .Failures!.ShouldBe(["StellarPay:Limits:Tiers:1:Daily is less than the limit before it (Payment, Daily, Monthly)."]);

    [Fact]
    public void Tiers_are_set_by_their_numbers_and_the_others_stay_as_they_are()
    {
        var options = new LimitOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["StellarPay:Limits:Tiers:0:Payment"] = "7" })
            .Build().GetSection(LimitOptions.Section).Bind(options);

        (options.Tiers[0].Payment, options.Tiers[0].Daily, options.Tiers[1].Payment).ShouldBe(("7", "25000", "25000"));
    }

    [Fact]
    public void The_defaults_of_wallets_are_good() =>
        new OptionsRules<WalletOptions>().Validate(null, new WalletOptions()).Succeeded.ShouldBeTrue();
}
