using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Adapters.KeyVault;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.KeyVault;

/// <summary>A vault, and the keeper that talks to it.</summary>
internal sealed class VaultFixture : IAsyncDisposable
{
    private VaultFixture(VaultServer server, string key)
    {
        Server = server;
        var options = new KeyVaultClientOptions { Transport = new HttpClientTransport(server.NewHandler()) };
        // A busy machine is no reason to send anything twice: the tests count.
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(1);
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
        KeyVaultKeyId.TryParse(key, out var id).ShouldBeTrue();
        Keeper = new AzureKeyVaultKeyEncryptionKey(
            new KeyVaultClient(Credential, options, Time), id!, NullLogger<AzureKeyVaultKeyEncryptionKey>.Instance);
    }

    public VaultServer Server { get; }

    public FakeCredential Credential { get; } = new();

    public TestClock Time { get; } = new();

    public AzureKeyVaultKeyEncryptionKey Keeper { get; }

    public static async Task<VaultFixture> StartAsync(string key = VaultServer.KeyUrl, bool lookUp = true)
    {
        var fixture = new VaultFixture(await VaultServer.StartAsync(), key);
        if (lookUp)
        {
            await fixture.Keeper.RefreshAsync(TestContext.Current.CancellationToken);
            fixture.Server.Requests.Clear();
        }

        return fixture;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
