using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Costs;

/// <summary>From outside: a crowd of one network signs up, and the platform opens as many accounts for it as the day has.</summary>
public sealed class SignUpCrowdTests(SignUpCrowdTests.SmallDay host) : IClassFixture<SignUpCrowdTests.SmallDay>
{
    private const int PerRange = 8;
    private const int Crowd = 40;

    [Fact]
    public async Task All_of_one_network_sign_up_and_its_part_of_the_day_is_opened_while_others_get_theirs()
    {
        var crowd = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(
            number => SignUpAsync($"2001:db8:0:7:{number:x}::1", $"crowd-{number}@d{number}.example")));

        var wallets = await UntilAsync(crowd, wallet => IsActive(wallet) || OpensAfter(wallet) is not null);
        wallets.Count(IsActive).ShouldBe(PerRange);
        wallets.Where(wallet => !IsActive(wallet)).ShouldAllBe(wallet =>
            wallet.GetProperty("status").GetString() == "opening" && OpensAfter(wallet) == "2026-03-02T00:00:00.000Z");
        var other = await UntilAsync([await SignUpAsync("2001:db8:0:8::1", "other@other.example")], IsActive);
        other.ShouldHaveSingleItem();

        host.Clock.Advance(TimeSpan.FromHours(12));
        await Task.WhenAll(crowd.Select(LogInAsync));
        var nextDay = await UntilAsync(crowd, wallet => IsActive(wallet) || OpensAfter(wallet) != "2026-03-02T00:00:00.000Z", anew: true);
        nextDay.Count(IsActive).ShouldBe(2 * PerRange);
    }

    private static bool IsActive(JsonElement wallet) => wallet.GetProperty("status").GetString() == "active";

    private static string? OpensAfter(JsonElement wallet) => wallet.GetProperty("opens_after").GetString();

    // Each is looked at again until it is so.
    private static async Task<JsonElement[]> UntilAsync(IReadOnlyList<Api> users, Func<JsonElement, bool> isSo, bool anew = false)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var wallets = await Task.WhenAll(users.Select(async user => (await user.GetAsync("/v1/wallet")).ShouldBeOk().Body));
            if (wallets.All(isSo) && (!anew || wallets.Count(IsActive) == 2 * PerRange))
            {
                return wallets;
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task<Api> SignUpAsync(string address, string email)
    {
        var api = host.AnonymousAt(address);
        await api.SignUpAsync(email);
        return api;
    }

    private static async Task LogInAsync(Api api)
    {
        api.AccessToken = null;
        api.Take((await api.PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk());
    }

    /// <summary>Behind a proxy that says where callers are, with a small part of the day for each network.</summary>
    public sealed class SmallDay : WholeHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
            ["StellarPay:Budgets:OpeningsPerRange"] = $"{PerRange}",
            // However slow the machine is.
            ["StellarPay:Passwords:LongestWaitSeconds"] = "60",
        };
    }
}
