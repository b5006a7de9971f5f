using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Tests.Settings;

/// <summary>
/// A wrong setting stops the start before the sandbox or the database is touched: no database answers here.
/// </summary>
public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("StellarPay:Auth:AccessTokenMinutes", "0", "StellarPay:Auth:AccessTokenMinutes must be from 1 to 1440.")]
    [InlineData("StellarPay:Limits:Tiers:0:Payment", "-5", "StellarPay:Limits:Tiers:0:Payment must be a decimal string such as 10000.")]
    [InlineData("StellarPay:Limits:DailyWithoutFactor", "1e3", "StellarPay:Limits:DailyWithoutFactor must be a decimal string such as 1000.")]
    [InlineData("StellarPay:Passkeys:Origins:0", "https://app.example",
        "StellarPay:Passkeys:RelyingPartyId is missing: the domain of StellarPay:Passkeys:Origins.")]
    [InlineData("StellarPay:Limits:Tiers:7:Daily", "1", "StellarPay:Limits:Tiers:7 is no setting; StellarPay:Limits:Tiers has 0, 1, 2, 3.")]
    [InlineData("StellarPay:Limits:Tiers:0:Dialy", "1", "StellarPay:Limits:Tiers:0:Dialy is no setting; StellarPay:Limits:Tiers:0 has Payment, Daily, Monthly.")]
    [InlineData("StellarPay:Limits:Tiers:0", "1", "StellarPay:Limits:Tiers:0 takes no value itself, but names below it.")]
    [InlineData("StellarPay:Frontdoor:TrustedProxies", "10.0.0.1",
        "StellarPay:Frontdoor:TrustedProxies is a list: it takes StellarPay:Frontdoor:TrustedProxies:0, StellarPay:Frontdoor:TrustedProxies:1 and so on.")]
    [InlineData("StellarPay:Frontdoor:TrustedProxies:first", "10.0.0.1",
        "StellarPay:Frontdoor:TrustedProxies:first is no setting; StellarPay:Frontdoor:TrustedProxies is a list: it takes StellarPay:Frontdoor:TrustedProxies:0, StellarPay:Frontdoor:TrustedProxies:1 and so on.")]
    [InlineData("StellarPay:Frontdoor:TrustedProxies:0", "proxy",
        "StellarPay:Frontdoor:TrustedProxies must be IP addresses or networks such as 10.0.0.0/8.")]
    [InlineData("Network:FundingSources:0", "nonsense", "Network:FundingSources names 'nonsense', which is no account's address: G and 55 more characters.")]
    [InlineData("StellarPay:Webhooks:Own:0", "not a host", "StellarPay:Webhooks:Own must be host names, IP addresses or networks such as 203.0.113.0/24.")]
    [InlineData("StellarPay:Webhooks:TimeoutSeconds", "60", "StellarPay:Webhooks:TimeoutSeconds must be from 1 to 30.")]
    [InlineData("StellarPay:Auth:Issuer:0", "x", "StellarPay:Auth:Issuer takes one value.")]
    [InlineData("StellarPay:Auth:AccessTokenMinutes", "abc", "StellarPay:Auth:AccessTokenMinutes has a value of the wrong type: it takes a whole number.")]
    [InlineData("StellarPay:Platform:GenerateKeys", "maybe", "StellarPay:Platform:GenerateKeys has a value of the wrong type: it takes true or false.")]
    [InlineData("StellarPay:Rates:OrderBook", "maybe", "StellarPay:Rates:OrderBook has a value of the wrong type: it takes true or false.")]
    [InlineData("StellarPay:Rates:Prices", "0.1", "StellarPay:Rates:Prices takes no value itself, but names below it.")]
    [InlineData("StellarPay:Rates:Prices:XML", "0.1", "StellarPay:Rates:Prices:XML is the price of nothing: it takes XLM, USDC or CODE-ISSUER.")]
    [InlineData("StellarPay:Rates:MaxAgeSeconds", "33",
        "StellarPay:Rates:RefreshSeconds and StellarPay:Rates:SourceTimeoutSeconds together must be less than StellarPay:Rates:MaxAgeSeconds.")]
    public void A_wrong_setting_is_named_before_anything_is_done(string name, string value, string sentence) =>
        StartFailures.SentenceOf(Should.Throw<OptionsValidationException>(() => Check((name, value))), explain: null).ShouldBe(sentence);

    // Here the machine's own services are, which no merchant is to have called.
    [Fact]
    public void Loopback_is_no_place_for_webhooks_where_payments_are_real() => StartFailures.SentenceOf(
        Should.Throw<OptionsValidationException>(() => Check(("STELLARPAY_MODE", "live"), ("StellarPay:Webhooks:AllowLoopback", "true"))),
        explain: null).ShouldBe("StellarPay:Webhooks:AllowLoopback is for development: where payments are real no endpoint is on this machine.");

    [Theory]
    [InlineData("StellarPay:Auth:Audiance")]
    [InlineData("StellarPay:Autth:Audience")]
    [InlineData("StellarPay:HtpPort")]
    [InlineData("Network:FeeBidStrops")]
    public async Task A_misspelt_setting_is_warned_of_by_name(string name)
    {
        var builder = Check((name, "1"));
        var log = new CapturedLog();
        builder.Logging.ClearProviders().AddProvider(log);
        await using var services = builder.Services.BuildServiceProvider();
        var warning = (UnreadSettings)builder.Services.Single(Warns).ImplementationFactory!(services);
        await warning.StartAsync(TestContext.Current.CancellationToken);

        var written = name.StartsWith("StellarPay:Autth", StringComparison.Ordinal) ? "StellarPay:Autth" : name;
        log.Lines.ShouldHaveSingleItem().Message.ShouldBe(
            $"There is no setting {written}; nothing reads it. docs/settings.md has all of them.");
    }

    [Fact]
    public void Good_settings_of_every_kind_are_taken_without_a_warning() => Check(
        ("StellarPay:Frontdoor:TrustedProxies:0", "10.0.0.0/8"), ("stellarpay:limits:tiers:0:payment", "7"),
        ("StellarPay:Rates:Prices:XLM", "0.1"), ("StellarPay:Rates:MaxAgeSeconds", "70"), ("StellarPay:Rates:OrderBook", "true"),
        ("StellarPay:Platform:GenerateKeys", ""), ("STELLAR_NETWORK", "sandbox"),
        ("Network:FundingSources:0", "GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF"))
        .Services.Where(Warns).ShouldBeEmpty();

    [Fact]
    public void A_silo_alone_says_nothing_of_the_front_door_s_settings()
    {
        var builder = Builder(("StellarPay:Auth:Audience", "x"), ("StellarPay:Autth:Audience", "x"));
        builder.CheckSettings(builder.ReadStellarPaySettings());

        builder.Services.Where(Warns).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, "STELLARPAY_SILO_ADDRESS, STELLARPAY_METRICS_ADDRESS and ASPNETCORE_URLS must name addresses of this machine.")]
    [InlineData(SocketError.AccessDenied, "This user may not open one of the ports that the settings name.")]
    public void An_address_that_cannot_be_opened_is_explained(SocketError error, string sentence)
    {
        StartFailures.SentenceOf(new SocketException((int)error), explain: null)!.ShouldEndWith(sentence);
        StartFailures.SentenceOf(new IOException("Failed to bind.", new SocketException((int)error)), explain: null)!.ShouldEndWith(sentence);
    }

    private static bool Warns(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(UnreadSettings);

    private static WebApplicationBuilder Check(params (string Name, string Value)[] settings)
    {
        var builder = Builder(settings);
        builder.CheckSettings(builder.ReadStellarPaySettings(), FrontdoorExtensions.AddStellarPayFrontdoor);
        return builder;
    }

    private static WebApplicationBuilder Builder(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["STELLARPAY_POSTGRES"] = "Host=127.0.0.1;Port=1;Database=none;Username=nobody",
            ["WALLET_ENCRYPTION_KEY"] = FrontdoorHost.TokenKey,
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.AddStellarPaySettings();
        return builder;
    }
}
