using System.Net.Http.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Payments;

namespace StellarPay.Frontdoor.Tests.Invitations;

/// <summary>
/// Somebody whose account waits for the next day confirms a name that was invited. The bug kept away: his wallet was not told, and he
/// waited with all others, though a part of the day is kept for him.
/// </summary>
public sealed class InvitedOpeningTests(InvitedOpeningTests.SmallDay host) : IClassFixture<InvitedOpeningTests.SmallDay>
{
    [Fact]
    public async Task His_confirmation_tells_his_wallet_which_opens_the_same_day_and_is_paid()
    {
        var sender = await host.SignUpAsync();
        var own = await FactorHost.UntilAsync(sender, "/v1/wallet", body => body.GetProperty("status").GetString() == "active");
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue", new { account = own.GetProperty("address").GetString(), asset = "USDC", amount = "10" },
            TestContext.Current.CancellationToken);
        issued.IsSuccessStatusCode.ShouldBeTrue();
        await FactorHost.UntilAsync(sender, "/v1/wallet", body => body.GetRawText().Contains("\"10.0000000\"", StringComparison.Ordinal));
        var phone = $"+4479462{System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 99_999)}";
        var made = (await sender.PostAsync("/v1/invitations", new { recipient = phone, asset = "USDC", amount = "4" }, Api.NewKey())).ShouldBeOk();
        await host.Messages.NextAsync(phone);

        // The sender has used what there is for whom nobody invited.
        var payee = await host.SignUpAsync();
        await FactorHost.UntilAsync(payee, "/v1/wallet", body => body.GetProperty("opens_after").GetString() is not null);
        (await payee.PostAsync("/v1/me/phone/change", new { phone, password = Api.Password })).ShouldBeOk();
        (await payee.PostAsync("/v1/me/phone/change/confirm", new { code = await host.Messages.NextCodeAsync(phone) })).ShouldBeOk();

        // He asks for nothing more himself. Whom a payment waits for is looked at again by the business clock.
        await FactorHost.UntilAsync(sender, $"/v1/invitations/{made.Body.GetProperty("id").GetString()}", body =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return body.GetProperty("status").GetString() == "paid";
        });
    }

    /// <summary>Two accounts a day, one of which is kept for the invited.</summary>
    public sealed class SmallDay : WholeHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:Platform:SponsorAccounts"] = "1",
            ["StellarPay:Budgets:OpeningXlmPerDay"] = "3",
            ["StellarPay:Budgets:InvitedPercent"] = "50",
            ["StellarPay:Budgets:DomainPercent"] = "100",
        };
    }
}
