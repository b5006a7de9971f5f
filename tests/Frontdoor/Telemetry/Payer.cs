using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>Somebody with XLM who pays somebody else.</summary>
internal sealed class Payer(TelemetryHost host, Api api, string recipient)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Payer> NewAsync(TelemetryHost host)
    {
        var payee = await host.SignUpAsync();
        var payer = new Payer(host, await host.SignUpAsync(), payee.Email);
        await UntilActiveAsync(payer.Api);
        // A payment to whoever has no account yet would wait for it.
        await UntilActiveAsync(payee);
        (await payer.Api.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await UntilAsync(async () => (await WalletAsync(payer.Api)).GetProperty("balances").EnumerateArray()
            .Any(balance => balance.GetProperty("asset").GetString() == "XLM" && balance.GetProperty("spendable").GetString() != "0.0000000"));
        return payer;
    }

    public Api Api => api;

    /// <summary>Quotes and confirms.</summary>
    public async Task<string> PayAsync()
    {
        var order = new { recipient, asset = "XLM", amount = "1.5" };
        var id = (await api.PostAsync("/v1/payments", order)).ShouldBeOk().Body.GetProperty("id").GetString()!;
        (await api.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        return id;
    }

    public async Task<JsonElement> UntilSucceededAsync(string payment)
    {
        JsonElement body = default;
        await UntilAsync(async () =>
        {
            body = (await api.GetAsync($"/v1/payments/{payment}")).ShouldBeOk().Body;
            return body.GetProperty("status").GetString() == "succeeded";
        });
        return body;
    }

    /// <summary>Has the network close no ledgers, or close them again.</summary>
    public async Task ClockAsync(string what)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var answer = await http.PostAsJsonAsync($"/admin/clock/{what}", new { }, Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private static Task UntilActiveAsync(Api of) =>
        UntilAsync(async () => (await WalletAsync(of)).GetProperty("status").GetString() == "active");

    private static async Task<JsonElement> WalletAsync(Api of) => (await of.GetAsync("/v1/wallet")).ShouldBeOk().Body;
}
