using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Checkout.WalletPay;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>What becomes of the quote that a payer was shown: where the answer to a click is lost, it is stale, or he leaves.</summary>
[Collection<SessionHostCollection>]
public sealed class ShownQuoteWalletPayTests(SessionHost host)
{
    private static readonly string[] Sent = ["wallet_sent", "paid"];

    // The bug kept away: "you are no longer logged in, nothing was paid", and it is paid twice.
    [Fact]
    public async Task A_reload_after_a_lost_answer_shows_what_was_sent()
    {
        var (shop, checkout, payer) = await OpenAsync("20", "3");
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        var before = browser.Ticket;
        (await browser.PayAsync(confirm)).State.ShouldBeOneOf(Sent);

        // Neither the answer came nor its cookie; or it was another window's.
        foreach (var kept in new[] { before, TicketOf(checkout, payer, quoted: null) })
        {
            foreach (var look in new Func<Task<PayersBrowser.Seen>>[]
            {
                () => browser.OpenAsync(), () => browser.OpenAsync($"&payment={confirm.Payment}"), browser.CheckoutAsync,
                () => browser.PayAsync(confirm), () => browser.SubmitAsync("leave"),
            })
            {
                browser.Ticket = kept;
                var page = await look();
                page.State.ShouldBeOneOf(Sent);
                page.Text.ShouldNotContain("web+stellar:");
            }
        }

        await shop.UntilAsync(checkout.Id, "paid");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_quote_that_was_not_clicked_is_nothing_that_was_sent()
    {
        var (_, checkout, payer) = await OpenAsync("20", "3");
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        (await browser.CheckoutAsync()).ShouldBe("waiting");

        (await payer.PostAsync($"/v1/payments/{confirm.Payment}/cancel")).ShouldBeOk();
        (await browser.CheckoutAsync()).ShouldBe("waiting").Text.ShouldNotContain("was not made");
        (await browser.PayAsync(confirm)).ShouldBe("wallet_confirm").Payment.ShouldBeNull();
    }

    [Fact]
    public async Task A_quote_that_is_not_used_holds_no_money()
    {
        var (shop, checkout, payer) = await OpenAsync("20", "15");
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");

        // A friend, or a stranger, pays a part of it between the page and the click.
        var friend = await host.PayerAsync("1");
        (await friend.PostAsync("/v1/payments", new { recipient = checkout.Id, amount = "1", asset = "USDC", confirm = true }, Api.NewKey()))
            .ShouldBeOk();
        await checkout.UntilAsync("underpaid");
        var anew = (await browser.PayAsync(confirm)).ShouldBe("wallet_confirm");
        anew.Text.ShouldContain("These terms are no longer valid. Please look at the new ones.");
        anew.Text.ShouldContain("Pay 14 USDC now");
        (await StatusAsync(payer, confirm)).ShouldBe("cancelled");

        (await browser.SubmitAsync("leave")).ShouldBe("wallet_login");
        (await StatusAsync(payer, anew)).ShouldBe("cancelled");
        var last = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        // Somebody else who logs in here takes his place.
        var other = await host.PayerAsync("1");
        (await browser.LogInAsync(other.Email)).ShouldBe("wallet_confirm").Payment.ShouldBeNull();
        (await StatusAsync(payer, last)).ShouldBe("cancelled");
        last = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        (await browser.PayAsync(last)).State.ShouldBeOneOf(Sent);
        await shop.UntilAsync(checkout.Id, "paid");
    }

    [Fact]
    public async Task After_a_factor_he_is_shown_what_he_had_chosen()
    {
        var (shop, checkout, payer) = await OpenAsync("400", "250", "USDC", "XLM");
        await GiveXlmAsync(payer);
        var authenticator = await Authenticator.SetUpAsync(host, payer);
        using var browser = new PayersBrowser(checkout);
        (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_code");
        var confirm = (await browser.SubmitAsync("factor", ("code", authenticator.Code(1)))).ShouldBe("wallet_confirm");
        confirm.Text.ShouldContain("Pay 250 USDC now");

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await browser.PayAsync(confirm)).ShouldBe("wallet_code");
        var again = (await browser.SubmitAsync("factor", ("code", authenticator.RecoveryCodes[0]))).ShouldBe("wallet_confirm");
        (again.Payment, again.Text.Contains("Pay 250 USDC now", StringComparison.Ordinal)).ShouldBe((confirm.Payment, true));

        // In another browser his money is reserved for the same.
        using var second = new PayersBrowser(checkout);
        (await second.LogInAsync(payer.Email)).ShouldBe("wallet_code");
        (await second.SubmitAsync("factor", ("code", authenticator.RecoveryCodes[1]))).Payment.ShouldBe(confirm.Payment);
        (await browser.PayAsync(again)).State.ShouldBeOneOf(Sent);
        await shop.UntilAsync(checkout.Id, "paid");
    }

    [Fact]
    public async Task Whose_contact_is_confirmed_no_more_pays_nothing()
    {
        var (shop, checkout, payer) = await OpenAsync("20", "3");
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        await using var command = host.Database.DataSource.CreateCommand("UPDATE identity.users SET email_confirmed = false WHERE id = $1");
        command.Parameters.AddWithValue(payer.UserId);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);

        foreach (var page in new[] { await browser.OpenAsync($"&payment={confirm.Payment}"), await browser.PayAsync(confirm) })
        {
            page.ShouldBe("wallet_confirm").Text.ShouldContain("Your wallet is not ready yet.");
            page.Payment.ShouldBeNull();
        }

        (await StatusAsync(payer, confirm)).ShouldBe("pending");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task While_it_is_on_its_way_nobody_is_led_to_where_shops_cancel()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("20");
        var checkout = await OpenCheckout.NewAsync(
            shop, new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC" }, cancel_url = "https://shop.test/no" });
        using var browser = new PayersBrowser(checkout);
        var quoted = (await payer.PostAsync("/v1/payments", new { recipient = checkout.Id })).ShouldBeOk().Body.GetProperty("id").GetString()!;
        var waiting = (await browser.CheckoutAsync()).ShouldBe("waiting");
        waiting.Text.ShouldContain("https://shop.test/no");
        waiting.Headers.ShouldNotContain(header => header.Name == "Cross-Origin-Opener-Policy");
        browser.Ticket = TicketOf(checkout, payer, sent: quoted);
        (await browser.CheckoutAsync()).ShouldBe("wallet_sent").Text.ShouldNotContain("https://shop.test/no");
    }

    [Fact]
    public async Task What_an_address_says_is_shown_where_it_can_be_true()
    {
        var (_, checkout, payer) = await OpenAsync("20", "3");
        using var browser = new PayersBrowser(checkout);
        var stranger = (await browser.OpenAsync($"&why=insufficient_funds&asset={new string('a', 3000)}")).ShouldBe("wallet_login");
        stranger.Text.ShouldNotContain("id=\"wrong\"");
        stranger.Text.ShouldNotContain("aaaa");

        (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        (await browser.OpenAsync("&why=whatever")).ShouldBe("wallet_confirm").Text.ShouldNotContain("id=\"wrong\"");
        (await browser.OpenAsync("&why=payment_session_being_paid")).Text.ShouldContain("A payment of yours to this shop is under way");
    }

    [Fact]
    public void At_an_https_origin_its_cookie_is_secure_whatever_a_proxy_says()
    {
        var (tickets, context) = (new PayerTickets(new byte[32], "https://pay.example.com", TimeProvider.System), new DefaultHttpContext());
        tickets.Give(context, "pay_x", tickets.New("usr_x", login: "ses_x"));
        tickets.Give(context, "pay_x", tickets.New("usr_x", login: "ses_y"));

        var cookie = context.Response.Headers.SetCookie.ShouldHaveSingleItem().ShouldNotBeNull();
        cookie.ShouldStartWith("__Host-payer-pay_x=");
        cookie.ShouldContain("secure");
        context.Request.Headers.Cookie = cookie.Split(';')[0];
        tickets.Find(context, "pay_x").ShouldNotBeNull().Login.ShouldBe("ses_y");
    }

    private string TicketOf(OpenCheckout checkout, Api user, string? sent = null, string? quoted = null)
    {
        var (tickets, context) = (host.Services.GetRequiredService<PayerTickets>(), new DefaultHttpContext());
        tickets.Give(
            context, checkout.Id, tickets.New(user.UserId, login: sent is null ? "ended" : null, sent: sent) with { Quoted = quoted });
        return context.Response.Headers.SetCookie.ToString().Split(';')[0].Split('=', 2)[1];
    }

    private async Task<(PaidShop Shop, OpenCheckout Checkout, Api Payer)> OpenAsync(string usdc, string price, params string[] assets)
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync(usdc);
        return (shop, await OpenCheckout.NewAsync(
            shop, new { amount_decimal = price, currency = "USDC", assets = assets.Length > 0 ? assets : ["USDC"] }), payer);
    }

    private static async Task GiveXlmAsync(Api payer)
    {
        (await payer.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains("\"10000.0000000\"", StringComparison.Ordinal), "he has XLM");
    }

    private static async Task<string?> StatusAsync(Api payer, PayersBrowser.Seen page) =>
        (await payer.GetAsync($"/v1/payments/{page.Payment}")).ShouldBeOk().Body.GetProperty("status").GetString();
}
