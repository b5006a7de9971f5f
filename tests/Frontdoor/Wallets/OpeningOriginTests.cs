using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Wallets;

/// <summary>Whoever causes an opening, and however late: it is counted by the mail domain that the wallet's owner has confirmed.</summary>
[Collection<MoneyCollection>]
public sealed class OpeningOriginTests(FrontdoorHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("look")]
    [InlineData("payment")]
    [InlineData("login")]
    public async Task A_wallet_that_was_not_opened_at_the_confirmation_is_counted_by_the_domain_all_the_same(string how)
    {
        // The bug kept away: a lost answer was a way around the domain's budget, for the first origin is the one that counts.
        var payer = await host.SignUpAsync();
        var email = $"somebody@{how.ToUpperInvariant()}.Example";
        var api = await LostConfirmationAsync(email);

        var opened = how switch
        {
            "look" => await api.GetAsync("/v1/wallet"),
            "login" => await host.Anonymous().PostAsync("/v1/auth/login", new { email, password = Api.Password }),
            _ => await payer.PostAsync("/v1/payments", new { recipient = email, asset = "USDC", amount = "1" }, Api.NewKey()),
        };

        opened.ShouldBeOk();
        host.Grains.Wallet(api.WalletId).Origin.ShouldNotBeNull().Domain.ShouldBe($"{how}.example");
    }

    [Fact]
    public async Task An_address_that_is_not_confirmed_is_not_counted()
    {
        // The bug kept away: whoever confirms a phone number uses up the part of any domain that he names.
        const string Phone = "+442079460755";
        var api = host.Anonymous();
        var answer = await api.PostAsync(
            "/v1/auth/signup", new { email = "nobody@victim.example", phone = Phone, password = Api.Password });
        api.Take(answer.ShouldBeOk());
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(Phone) })).ShouldBeOk();

        var wallet = host.Grains.Wallet("wal_" + answer.Body.GetProperty("user").GetProperty("id").GetString()![4..]);
        wallet.Origin.ShouldNotBeNull().Domain.ShouldBeNull();
    }

    [Fact]
    public async Task Looks_at_a_wallet_open_no_name()
    {
        await using var own = new ForgetfulHost();
        await own.InitializeAsync();
        var open = await own.SignUpAsync();
        var unopened = await own.SignUpUnconfirmedAsync();
        var before = (await own.AuditOf(open.UserId), await own.AuditOf(unopened.UserId));
        before.Item1.ShouldContain(line => line.Contains("field.open identity.names", StringComparison.Ordinal));

        (await open.GetAsync("/v1/wallet")).ShouldBeOk();
        (await unopened.GetAsync("/v1/wallet")).ShouldBeOk();

        (await own.AuditOf(open.UserId)).ShouldBe(before.Item1);
        (await own.AuditOf(unopened.UserId)).ShouldBe(before.Item2);
    }

    [Fact]
    public async Task Who_is_gone_gets_no_wallet_by_a_token_that_outlives_him()
    {
        // The bug kept away: a key, a state and an address that nobody removes any more.
        Api api;
        using (host.Grains.AllNewWalletsFail(new TimeoutException("the silo went")))
        {
            api = await host.SignUpUnconfirmedAsync();
        }

        var wallet = host.Grains.Wallet(api.WalletId);
        wallet.Fails = null;
        await using var remove = host.Database.DataSource.CreateCommand("DELETE FROM identity.users WHERE id = $1");
        remove.Parameters.AddWithValue(api.UserId);
        (await remove.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);

        // Reads ask the memory of ended sessions and not the database, as long as it is current.
        var ended = host.Services.GetRequiredService<EndedSessions>();
        await Eventually.UntilAsync(() => Task.FromResult(ended.AreCurrent));
        (await api.GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.NotFound, "wallet_not_found");
        wallet.Changes.ShouldBe(0);
    }

    private async Task<Api> LostConfirmationAsync(string email)
    {
        var api = host.Anonymous();
        var signedUp = await api.SignUpUnconfirmedAsync(email);
        host.Grains.Wallet(api.WalletId).Fails = new TimeoutException("the silo went");
        await api.ConfirmAsync(signedUp);
        host.Grains.Wallet(api.WalletId).Fails = null;
        return api;
    }
}
