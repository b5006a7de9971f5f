using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RequestIds;

public sealed class NoSecretsInLogsTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    [Fact]
    public async Task No_password_and_no_token_reaches_a_log()
    {
        const string wrong = "wrong-horse-4711-battery";
        var api = await host.SignUpAsync();
        var before = api.RefreshToken;
        await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = wrong });
        await host.Anonymous().PostAsync("/v1/auth/signup", new { email = api.Email, password = wrong });
        api.Take(await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = before }));
        await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = before });
        await host.Anonymous().PostAsync($"/hubs/live/negotiate?negotiateVersion=1&access_token={api.AccessToken}");
        await host.Anonymous().GetAsync($"/hubs/live?access_token={api.AccessToken}x");
        await host.Anonymous().PostTextAsync("/v1/auth/login", $"{{\"password\":\"{wrong}\",");
        await using (var live = await Live.LiveClient.ConnectAsync(host.Address, api.AccessToken!))
        {
            await live.NextAsync("state");
        }

        host.Grains.Wallet(api.WalletId).Fails = new InvalidOperationException("broken");
        (await api.GetAsync("/v1/wallet")).Status.ShouldBe(HttpStatusCode.InternalServerError);

        host.Log.Lines.ShouldNotBeEmpty();
        var parts = api.AccessToken!.Split('.');
        string[] secrets = [Api.Password, wrong, before[3..], api.RefreshToken[3..], parts[1], parts[2]];
        foreach (var line in host.Log.Lines)
        {
            var text = $"{line.Message} {line.Exception} {string.Join(' ', line.Scopes)}";
            secrets.ShouldAllBe(secret => !text.Contains(secret), $"{line.Category}: {line.Message}");
        }
    }
}
