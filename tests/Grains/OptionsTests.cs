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
    [InlineData("999999999999")]
    public void A_limit_that_is_no_amount_is_refused(string limit) =>
        new OptionsRules<WalletOptions>().Validate(null, new WalletOptions { PaymentLimit = limit }).Failed.ShouldBeTrue();

    [Fact]
    public void The_defaults_of_wallets_are_good() =>
        new OptionsRules<WalletOptions>().Validate(null, new WalletOptions()).Succeeded.ShouldBeTrue();
}
