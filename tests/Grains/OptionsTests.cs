using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Missing_settings_are_named_in_a_sentence()
    {
        var sentences = FaultsOf(new NetworkOptions());

        sentences.ShouldContain("Network:Passphrase is missing: the passphrase of the Stellar network.");
        sentences.ShouldContain("Network:Assets must name 1 to 10 assets.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,000")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("9999999999999")]
    public void A_limit_that_is_no_amount_is_refused(string limit) =>
        FaultsOf(new LimitOptions { Tiers = new TierTable { Tier2 = new TierOptions { Payment = limit, Daily = "1", Monthly = "1" } } })
            .ShouldContain("StellarPay:Limits:Tiers:2:Payment must be a decimal string such as 10000.");

    [Fact]
    public void Limits_that_fall_from_payment_to_day_to_month_are_refused() =>
        FaultsOf(new LimitOptions { Tiers = new TierTable { Tier1 = new TierOptions { Payment = "5", Daily = "4", Monthly = "4" } } })
            .ShouldContain("StellarPay:Limits:Tiers:1:Daily is less than the limit before it (Payment, Daily, Monthly).");

    [Fact]
    public void A_source_of_funds_that_is_no_account_is_refused() =>
        FaultsOf(new NetworkOptions { Passphrase = "p", Assets = ["USDC:G"], FundingSources = ["nonsense"] })
            .ShouldContain("Network:FundingSources names 'nonsense', which is no account's address: G and 55 more characters.");

    [Fact]
    public void A_top_up_that_leaves_an_account_low_is_refused() =>
        FaultsOf(new PlatformOptions { LowBalanceXlm = 100, TopUpXlm = 99 })
            .ShouldContain("StellarPay:Platform:TopUpXlm must not be less than StellarPay:Platform:LowBalanceXlm.");

    [Fact]
    public void Tiers_are_set_by_their_numbers_and_the_others_stay_as_they_are()
    {
        var options = new LimitOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["StellarPay:Limits:Tiers:0:Payment"] = "7" })
            .Build().GetSection(LimitOptions.Section).Bind(options);

        (options.Tiers[0].Payment, options.Tiers[0].Daily, options.Tiers[1].Payment).ShouldBe(("7", "25000", "25000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0,01")]
    [InlineData("-1")]
    [InlineData("1e-2")]
    [InlineData("0.00000001")]
    [InlineData("9999999999")]
    public void A_least_payment_that_is_no_amount_is_refused(string least) =>
        FaultsOf(new CostOptions { MinimumPayment = least }).ShouldContain("StellarPay:Costs:MinimumPayment ");

    [Fact]
    public void The_defaults_are_good()
    {
        FaultsOf(new CostOptions()).ShouldBeEmpty();
        FaultsOf(new BudgetOptions()).ShouldBeEmpty();
        FaultsOf(new WalletOptions()).ShouldBeEmpty();
        FaultsOf(new LimitOptions()).ShouldBeEmpty();
        FaultsOf(new PlatformOptions()).ShouldBeEmpty();
        FaultsOf(new FollowerOptions()).ShouldBeEmpty();
        FaultsOf(new RateOptions()).ShouldBeEmpty();
        FaultsOf(new KeyOptions()).ShouldBeEmpty();
    }

    // All sentences in one text, since data annotations put a frame around each.
    private static string FaultsOf<T>(T options)
        where T : class =>
        string.Join('\n', new DataAnnotationValidateOptions<T>(null).Validate(null, options).Failures ?? []);
}
