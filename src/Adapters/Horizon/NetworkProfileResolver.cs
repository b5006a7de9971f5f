using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;
using Polly.Retry;
using StellarPay.Adapters.Settings;
using StellarPay.Stellar;

namespace StellarPay.Adapters.Horizon;

/// <summary>Settles the network from the settings; of the sandbox it asks, for its issuer is made with its genesis.</summary>
public static class NetworkProfileResolver
{
    private const int Attempts = 30;
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromSeconds(1);

    /// <summary>Settles the network.</summary>
    /// <exception cref="NetworkProfileException">The sandbox does not answer; the message names its address.</exception>
    public static Task<NetworkProfile> ResolveAsync(StellarPaySettings settings, CancellationToken cancellationToken) =>
        settings.Network switch
        {
            StellarNetworkKind.Sandbox => AskSandboxAsync(settings, cancellationToken),
            StellarNetworkKind.Testnet => Task.FromResult(Named(
                settings, "https://horizon-testnet.stellar.org", StellarNetwork.Testnet.Passphrase, friendbot: true)),
            StellarNetworkKind.Public => Task.FromResult(Named(
                settings, "https://horizon.stellar.org", StellarNetwork.Public.Passphrase, friendbot: false)),
            _ => throw new NetworkProfileException($"STELLAR_NETWORK is {settings.Network}; it takes sandbox, testnet or public."),
        };

    private static NetworkProfile Named(StellarPaySettings settings, string horizon, string passphrase, bool friendbot) => new(
        new Uri(Or(settings.HorizonUrl, horizon)),
        Or(settings.NetworkPassphrase, passphrase),
        $"USDC:{settings.UsdcIssuer}",
        friendbot,
        FromBeginning: false);

    private static async Task<NetworkProfile> AskSandboxAsync(StellarPaySettings settings, CancellationToken cancellationToken)
    {
        var horizon = new Uri(Or(settings.HorizonUrl, $"http://127.0.0.1:{settings.SandboxPort}"));
        using var http = new HttpClient { BaseAddress = horizon, Timeout = TimeSpan.FromSeconds(5) };
        var retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Attempts,
                Delay = AttemptInterval,
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<TaskCanceledException>(),
            })
            .Build();
        try
        {
            var facts = await retry.ExecuteAsync(
                async token => await http.GetFromJsonAsync<SandboxFacts>("/admin", token), cancellationToken);
            return new NetworkProfile(
                horizon,
                Or(settings.NetworkPassphrase, facts!.Passphrase),
                $"USDC:{Or(settings.UsdcIssuer, facts.Accounts.UsdcIssuer)}",
                Friendbot: true,
                FromBeginning: true,
                facts.Accounts.Friendbot);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException)
        {
            throw new NetworkProfileException($"The sandbox network does not answer at {horizon}: {e.Message}", e);
        }
    }

    private static string Or(string set, string otherwise) => set.Length > 0 ? set : otherwise;

    private sealed record SandboxFacts(
        [property: JsonPropertyName("network_passphrase")] string Passphrase,
        [property: JsonPropertyName("accounts")] SandboxAccounts Accounts);

    private sealed record SandboxAccounts(
        [property: JsonPropertyName("usdc_issuer")] string UsdcIssuer,
        [property: JsonPropertyName("friendbot")] string? Friendbot);
}
