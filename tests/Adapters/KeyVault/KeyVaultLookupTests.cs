using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.KeyVault;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Keys;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.KeyVault;

public sealed class KeyVaultLookupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_knows_the_newest_version_before_it_has_started_and_again_every_five_minutes()
    {
        await using var server = await VaultServer.StartAsync();
        var time = new TestClock();
        var log = new LineLog();
        using var host = HostOf(server, time, log);

        await host.StartAsync(Stop);

        var keeper = host.Services.GetRequiredService<IKeyEncryptionKey>();
        keeper.CurrentKeyId.ShouldEndWith(server.Versions[0].Version);
        var version = server.Rotate().Version;
        server.Next.Enqueue(context => VaultServer.FailAsync(context, 403, "Forbidden"));
        await time.WaitForTimerAsync(KeyVaultLookup.Interval);
        time.Advance(KeyVaultLookup.Interval);
        await log.UntilAsync("The newest version of the key was not looked up; the one before goes on wrapping: Key Vault answered 403");
        keeper.CurrentKeyId.ShouldEndWith(server.Versions[0].Version);
        time.Advance(KeyVaultLookup.Interval);
        await log.UntilAsync($"Data keys are wrapped by {VaultServer.KeyUrl}/{version}.");
        keeper.CurrentKeyId.ShouldEndWith(version);
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task A_key_that_is_not_there_stops_the_start_with_the_setting_s_name() =>
        (await SentenceAsync(_ => { }, "https://wallets.vault.test/keys/other")).ShouldBe(
            "AZURE_KEY_VAULT_KEY names a key that the vault does not have. "
            + "Key Vault answered 404 (KeyNotFound) to GET wallets.vault.test/keys/other.");

    [Fact]
    public async Task A_key_that_may_not_be_used_stops_the_start_with_the_setting_s_name() =>
        (await SentenceAsync(server =>
            server.Next.Enqueue(context => VaultServer.FailAsync(context, 403, "Forbidden", "ForbiddenByRbac")))).ShouldBe(
            "AZURE_KEY_VAULT_KEY names a key that this process may not use: its Azure identity needs the permissions get, "
            + "wrapKey and unwrapKey. Key Vault answered 403 (ForbiddenByRbac) to GET wallets.vault.test/keys/kek.");

    [Fact]
    public async Task A_key_that_cannot_wrap_stops_the_start()
    {
        const string Start =
            "AZURE_KEY_VAULT_KEY cannot be used. The key https://wallets.vault.test/keys/kek/11111111111111111111111111111111 cannot wrap: ";
        (await SentenceAsync(server => server.Versions[0].Enabled = false)).ShouldBe(Start + "it is disabled.");
        (await SentenceAsync(server => server.Versions[0].Type = "EC")).ShouldBe(Start + "it is of type EC, not RSA.");
        (await SentenceAsync(server => server.Versions[0].Operations = ["sign"])).ShouldBe(
            Start + "its permitted operations lack wrapKey or unwrapKey.");
    }

    [Fact]
    public async Task Answers_about_another_key_or_about_none_stop_the_start()
    {
        (await SentenceAsync(server => server.Next.Enqueue(context => VaultServer.JsonAsync(context, 200, new
        {
            key = new { kid = "https://wallets.vault.test/keys/another/11111111111111111111111111111111", kty = "RSA" },
        })))).ShouldBe("AZURE_KEY_VAULT_KEY cannot be used. Key Vault was asked for the key https://wallets.vault.test/keys/kek and told of another.");
        (await SentenceAsync(server => server.Next.Enqueue(context => VaultServer.JsonAsync(context, 200, new { })))).ShouldBe(
            "AZURE_KEY_VAULT_KEY cannot be used. Key Vault answered GET wallets.vault.test/keys/kek with something that is not an answer (JsonException).");
    }

    private static async Task<string> SentenceAsync(Action<VaultServer> prepare, string key = VaultServer.KeyUrl)
    {
        await using var server = await VaultServer.StartAsync();
        prepare(server);
        using var host = HostOf(server, new TestClock(), new LineLog(), key);
        return (await Should.ThrowAsync<KeyVaultStartException>(() => host.StartAsync(Stop))).Message;
    }

    private static IHost HostOf(VaultServer server, TimeProvider time, ILoggerFactory log, string key = VaultServer.KeyUrl)
    {
        var options = new KeyVaultClientOptions { Transport = new HttpClientTransport(server.NewHandler()) };
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(1);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton(log)
            .AddSingleton(time)
            .AddSingleton<TokenCredential>(new FakeCredential())
            .AddSingleton(options)
            .AddKeyEncryptionKey(new StellarPaySettings { WalletKeyProvider = KeyProviders.AzureKeyVault, AzureKeyVaultKey = key });
        return builder.Build();
    }
}
