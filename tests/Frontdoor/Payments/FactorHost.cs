using System.Net.Http.Json;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>The whole product with its own limits, which depend on whether a user has a second factor.</summary>
public sealed class FactorHost : WholeHost
{
    /// <summary>How long a factor that was shown lets through.</summary>
    public static readonly TimeSpan StepUpFor = TimeSpan.FromMinutes(5);

    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["StellarPay:Limits:DailyWithoutFactor"] = "1000",
    };

    /// <summary>Somebody whose wallet is open, with so much USDC.</summary>
    internal async Task<Api> NewPayerAsync(string usdc)
    {
        var payer = await SignUpAsync();
        var wallet = await UntilAsync(payer, "/v1/wallet", body => body.GetProperty("status").GetString() == "active");
        using var http = new HttpClient { BaseAddress = Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue", new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount = usdc },
            TestContext.Current.CancellationToken);
        issued.IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(payer, "/v1/wallet", body => body.GetRawText().Contains($"\"balance\":\"{usdc}.0000000\"", StringComparison.Ordinal));
        return payer;
    }

    /// <summary>The same with an authenticator, of which his wallet knows; it was shown so long ago that it is asked for again.</summary>
    internal async Task<(Api Payer, Authenticator Authenticator)> NewProtectedPayerAsync(string usdc)
    {
        var payer = await NewPayerAsync(usdc);
        var authenticator = await Authenticator.SetUpAsync(this, payer);
        await AfterADayAsync(payer);
        await UntilDailyAsync(payer, "25000.0000000");
        return (payer, authenticator);
    }

    /// <summary>A day later, when a factor that is new raises what its owner may pay; he has gone on with his session.</summary>
    internal async Task AfterADayAsync(Api payer)
    {
        Clock.Advance(TimeSpan.FromHours(24));
        payer.Take((await Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = payer.RefreshToken })).ShouldBeOk());
    }

    internal static Task UntilDailyAsync(Api payer, string limit) => UntilAsync(
        payer, "/v1/wallet/limits", body => body.GetProperty("daily").GetProperty("limit").GetString() == limit);

    /// <summary>Somebody's address, once his account is open.</summary>
    internal async Task<(string Email, string Address)> NewPayeeAsync()
    {
        var payee = await SignUpAsync();
        var wallet = await UntilAsync(payee, "/v1/wallet", body => body.GetProperty("status").GetString() == "active");
        return (payee.Email, wallet.GetProperty("address").GetString()!);
    }

    /// <summary>Looks again and again until it is so.</summary>
    internal static async Task<System.Text.Json.JsonElement> UntilAsync(Api api, string path, Func<System.Text.Json.JsonElement, bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var body = (await api.GetAsync(path)).ShouldBeOk().Body;
            if (isSo(body))
            {
                return body;
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}

/// <summary>Wallets on the ledger where time goes by, which is everybody's: by days and weeks.</summary>
[CollectionDefinition]
public sealed class FactorHostCollection : ICollectionFixture<FactorHost>;
