using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;

namespace StellarPay.Adapters.Tests.Settings;

public sealed class SettingsTests
{
    private const string GoodKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string VaultKey = "https://wallets.vault.azure.net/keys/wallet-kek";

    [Fact]
    public void Environment_variables_reach_the_settings()
    {
        var settings = Read("Development", ("STELLARPAY_POSTGRES", "Host=x"), ("STELLARPAY_HTTP_PORT", "81"), ("STELLAR_NETWORK", "sandbox"));

        settings.Postgres.ShouldBe("Host=x");
        settings.HttpPort.ShouldBe(81);
        settings.Network.ShouldBe(StellarNetworkKind.Sandbox);
        settings.Hosts("silo").ShouldBeTrue();
    }

    [Theory]
    [InlineData("Production", "10.0.0.11", "silo", "", false)]
    [InlineData("Production", "2001:db8::11", "silo,frontdoor", "", false)]
    [InlineData("Production", "10.0.0.11", "silo", "/etc/stellarpay/tls", true)]
    [InlineData("Production", "127.0.0.1", "silo", "", true)]
    [InlineData("Production", "10.0.0.11", "frontdoor", "", true)]
    [InlineData("Development", "10.0.0.11", "silo", "", true)]
    public void In_production_a_silo_that_others_reach_needs_certificates(
        string environment, string address, string roles, string folder, bool starts)
    {
        (string, string)[] set =
        [
            ("STELLARPAY_POSTGRES", "Host=x"), ("WALLET_ENCRYPTION_KEY", GoodKey), ("STELLARPAY_SILO_ADDRESS", address),
            ("STELLARPAY_ROLES", roles), ("STELLARPAY_CLUSTER_TLS", folder),
        ];

        if (starts)
        {
            Read(environment, set).ClusterTls.ShouldBe(folder);
        }
        else
        {
            FailuresOf(environment, set).ShouldBe(
                ["STELLARPAY_CLUSTER_TLS is missing: outside of development a silo that others reach speaks TLS with them."]);
        }
    }

    [Theory]
    [InlineData("STELLARPAY_POSTGRES", "", "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.")]
    [InlineData("STELLARPAY_HTTP_PORT", "0", "STELLARPAY_HTTP_PORT must be a port from 1 to 65535.")]
    [InlineData("STELLARPAY_METRICS_PORT", "-1", "STELLARPAY_METRICS_PORT must be a port from 1 to 65535, or 0 for none.")]
    [InlineData("STELLARPAY_SANDBOX_CLOSE_MS", "5", "STELLARPAY_SANDBOX_CLOSE_MS must be from 10 to 60000 milliseconds.")]
    [InlineData("STELLARPAY_ROLES", "silo,cook", "STELLARPAY_ROLES names 'cook'; it takes any of sandbox, silo, frontdoor.")]
    [InlineData("STELLARPAY_GATEWAY_PORT", "11111", "STELLARPAY_SILO_PORT and STELLARPAY_GATEWAY_PORT must not be the same port.")]
    [InlineData("STELLARPAY_METRICS_PORT", "8000", "STELLARPAY_SANDBOX_PORT and STELLARPAY_METRICS_PORT must not be the same port.")]
    [InlineData("STELLARPAY_ROLES", " , ", "STELLARPAY_ROLES is empty; it takes any of sandbox, silo, frontdoor, separated by commas.")]
    [InlineData("STELLAR_USDC_ISSUER", "nonsense", "STELLAR_USDC_ISSUER must be an account's address, G and 55 more characters.")]
    [InlineData("STELLARPAY_SILO_ADDRESS", "0.0.0.0", "STELLARPAY_SILO_ADDRESS must be an IP address of this machine that the others reach.")]
    [InlineData("STELLARPAY_SILO_ADDRESS", "silo-1", "STELLARPAY_SILO_ADDRESS must be an IP address of this machine that the others reach.")]
    [InlineData("STELLAR_HORIZON_URL", "horizon", "STELLAR_HORIZON_URL must be an absolute http or https URL.")]
    [InlineData("WALLET_ENCRYPTION_KEY", "1234", "WALLET_ENCRYPTION_KEY must be 32 bytes as 64 hexadecimal digits.")]
    [InlineData("TOKEN_ENCRYPTION_KEY", "1234", "TOKEN_ENCRYPTION_KEY must be 32 bytes as 64 hexadecimal digits.")]
    [InlineData("WALLET_ENCRYPTION_KEY", GoodKey + "00", "WALLET_ENCRYPTION_KEY must be 32 bytes as 64 hexadecimal digits.")]
    [InlineData("WALLET_ENCRYPTION_KEY", "0000000000000000000000000000000000000000000000000000000000000000",
        "WALLET_ENCRYPTION_KEY is weak: its bytes repeat; make one with `openssl rand -hex 32`.")]
    public void A_wrong_setting_is_named_with_its_rule(string variable, string value, string sentence) =>
        FailuresOf("Development", (variable, value)).ShouldBe([sentence]);

    [Theory]
    [InlineData("payment.signed")]
    [InlineData("payment.signed:explode")]
    [InlineData("payment.signed:0")]
    [InlineData("no.such.point:kill")]
    public void A_fault_that_could_not_be_armed_is_a_wrong_setting(string fault) =>
        FailuresOf("Development", ("STELLARPAY_FAULT", fault)).ShouldHaveSingleItem()
            .ShouldStartWith("STELLARPAY_FAULT must be POINT:kill or POINT:throw, with POINT one of ");

    [Theory]
    [InlineData("STELLARPAY_HTTP_PORT", "eighty")]
    [InlineData("STELLAR_NETWORK", "moonnet")]
    public void A_setting_of_the_wrong_type_is_named(string variable, string value) =>
        FailuresOf("Development", (variable, value)).ShouldHaveSingleItem().ShouldStartWith($"{variable} has a value of the wrong type: ");

    [Fact]
    public void Outside_development_the_encryption_key_must_be_set() =>
        FailuresOf("Production").ShouldBe(
            ["WALLET_ENCRYPTION_KEY is missing: outside development it must be 32 bytes as 64 hexadecimal digits."]);

    [Fact]
    public void Outside_development_no_fault_may_be_armed() =>
        FailuresOf("Production", ("WALLET_ENCRYPTION_KEY", GoodKey), ("STELLARPAY_FAULT", "payment.signed:kill")).ShouldBe(
            ["STELLARPAY_FAULT is set; faults may be armed in development only."]);

    [Fact]
    public void Outside_the_sandbox_the_issuer_must_be_named() =>
        FailuresOf("Development", ("STELLAR_NETWORK", "testnet")).ShouldBe(
            ["STELLAR_USDC_ISSUER is missing: outside the sandbox the issuer of USDC must be named."]);

    [Fact]
    public void A_front_door_alone_needs_a_key_for_tokens_but_none_for_wallets()
    {
        FailuresOf("Production", ("STELLARPAY_ROLES", "frontdoor")).ShouldBe(
            ["TOKEN_ENCRYPTION_KEY is missing: outside development it must be 32 bytes as 64 hexadecimal digits."]);
        Read("Production", ("STELLARPAY_POSTGRES", "Host=x"), ("STELLARPAY_ROLES", "frontdoor"), ("TOKEN_ENCRYPTION_KEY", GoodKey))
            .Hosts("silo").ShouldBeFalse();
    }

    [Theory]
    [InlineData("WALLET_KEY_PROVIDER", "gcp", "WALLET_KEY_PROVIDER is 'gcp'; it takes local or azure-key-vault.")]
    [InlineData("WALLET_KEY_PROVIDER", "azure-key-vault",
        "AZURE_KEY_VAULT_KEY must be a key's URL, https://NAME.vault.azure.net/keys/KEYNAME, with or without /VERSION.")]
    [InlineData("AZURE_KEY_VAULT_KEY", VaultKey,
        "AZURE_KEY_VAULT_KEY is set, but WALLET_KEY_PROVIDER is local; set it to azure-key-vault.")]
    public void A_wrong_keeper_of_keys_is_named_with_its_rule(string variable, string value, string sentence) =>
        FailuresOf("Development", (variable, value)).ShouldBe([sentence]);

    [Fact]
    public void A_key_in_a_vault_is_reached_over_https_only() =>
        FailuresOf("Development", ("WALLET_KEY_PROVIDER", "azure-key-vault"), ("AZURE_KEY_VAULT_KEY", VaultKey.Replace("https", "http")))
            .ShouldHaveSingleItem().ShouldStartWith("AZURE_KEY_VAULT_KEY must be a key's URL, https://");

    [Fact]
    public void With_keys_in_a_vault_tokens_need_a_key_of_their_own_but_wallets_none()
    {
        (string, string)[] vault = [("WALLET_KEY_PROVIDER", "azure-key-vault"), ("AZURE_KEY_VAULT_KEY", VaultKey)];

        FailuresOf("Production", vault).ShouldBe(
            ["TOKEN_ENCRYPTION_KEY is missing: outside development it must be 32 bytes as 64 hexadecimal digits."]);
        Read("Production", [("STELLARPAY_POSTGRES", "Host=x"), .. vault, ("TOKEN_ENCRYPTION_KEY", GoodKey)])
            .UsesAzureKeyVault.ShouldBeTrue();
        Read("Production", [("STELLARPAY_POSTGRES", "Host=x"), .. vault, ("STELLARPAY_ROLES", "silo")])
            .AzureKeyVaultKey.ShouldBe(VaultKey);
        Read("Development", [("STELLARPAY_POSTGRES", "Host=x"), .. vault]).UsesAzureKeyVault.ShouldBeTrue();
    }

    private static IEnumerable<string> FailuresOf(string environment, params (string Name, string Value)[] variables)
    {
        var all = variables.Any(variable => variable.Name == "STELLARPAY_POSTGRES")
            ? variables
            : [("STELLARPAY_POSTGRES", "Host=x"), .. variables];
        return Should.Throw<OptionsValidationException>(() => Read(environment, all)).Failures;
    }

    private static StellarPaySettings Read(string environment, params (string Name, string Value)[] variables)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = environment,
        });
        builder.Configuration.AddInMemoryCollection(variables.ToDictionary(v => v.Name, v => (string?)v.Value));
        builder.AddStellarPaySettings();
        return builder.ReadStellarPaySettings();
    }
}
