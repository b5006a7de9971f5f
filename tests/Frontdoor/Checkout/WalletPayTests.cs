using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Checkout.WalletPay;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>Who has a wallet here pays a session from its page: after a login, by one click.</summary>
[Collection<SessionHostCollection>]
public sealed class WalletPayTests(SessionHost host)
{
    private const int MostBytes = 60 * 1024;

    [Fact]
    public async Task After_a_login_one_click_pays_and_two_at_once_pay_once()
    {
        var (shop, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        var link = WebUtility.HtmlDecode((await browser.CheckoutAsync()).ShouldBe("waiting").Raw);
        link.ShouldContain($"<a class=\"wallet\" href=\"{browser.Wallet}?key={checkout.Key}\">Pay with StellarPay</a>");

        var login = (await browser.OpenAsync()).ShouldBe("wallet_login");
        login.Headers.Single(header => header.Name == "Content-Security-Policy").Value
            .ShouldBe("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'");
        login.Headers.ShouldContain(("X-Frame-Options", "DENY"));
        login.Headers.ShouldContain(("Cross-Origin-Opener-Policy", "same-origin"));
        login.Headers.Single(header => header.Name == "Cache-Control").Value.ShouldContain("no-store");
        login.Raw.Length.ShouldBeLessThan(MostBytes);
        login.Cookies.ShouldBeEmpty();
        foreach (var absent in new[] { "<script", "brand-", "A book & a map", "http://", "https://" })
        {
            login.Text.ShouldNotContain(absent);
        }

        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        foreach (var shown in new[] { payer.Email, "<bdi>Ada's Books</bdi> gets", "3 USDC", "Left afterwards", "17 USDC", "Pay 3 USDC now", "Test mode" })
        {
            confirm.Text.ShouldContain(shown);
        }

        var cookie = confirm.Cookies.ShouldHaveSingleItem();
        foreach (var part in new[] { $"payer-{checkout.Id}=", "max-age=600", "path=/", "samesite=strict", "httponly" })
        {
            cookie.ShouldContain(part);
        }

        // Nothing was paid by looking at it, however often; there is one quote.
        (await browser.SubmitAsync("quote", ("asset", "USDC"))).Payment.ShouldBe(confirm.Payment);
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);

        var clicks = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => browser.PayAsync(confirm)));
        clicks.ShouldAllBe(click => click.State == "wallet_sent" || click.State == "paid");
        await shop.UntilAsync(checkout.Id, "paid");
        await Eventually.UntilAsync(async () => (await browser.CheckoutAsync()).State == "paid", "the page says that it is paid");
        // The page before, loaded again; the click, sent again.
        (await browser.PayAsync(confirm)).ShouldBe("paid");
        (await browser.OpenAsync($"&payment={confirm.Payment}")).ShouldBe("paid");
        var session = await shop.SessionAsync(checkout.Id);
        (session.GetProperty("payment_count").GetInt32(), session.GetProperty("overpaid").GetBoolean()).ShouldBe((1, false));
        session.ToString().ShouldNotContain(payer.Email);
        await Eventually.UntilAsync(async () => await UsdcAsync(payer) == "17.0000000", "his wallet has paid once");
        (await LoginsAsync(payer)).ShouldBe(1);
    }

    [Fact]
    public async Task The_login_is_for_this_session_and_is_nothing_to_the_API_nor_after_it_was_ended()
    {
        var (shop, checkout, payer) = await OpenAsync("20");
        var other = await OpenCheckout.NewAsync(shop, new { amount_decimal = "2", currency = "USDC" });
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        var ticket = browser.Ticket.ShouldNotBeNull();

        using var elsewhere = new PayersBrowser(other);
        elsewhere.Ticket = ticket;
        (await elsewhere.OpenAsync()).ShouldBe("wallet_login");
        (await elsewhere.PayAsync(confirm)).ShouldBe("wallet_login");
        // The quote of one session is none of another's, whoever is logged in.
        var twice = (await elsewhere.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        twice.Text.ShouldContain("Pay 2 USDC now");
        (await elsewhere.PayAsync(confirm)).Payment.ShouldBeNull();
        (await browser.OpenAsync($"&payment={twice.Payment}")).Payment.ShouldBeNull();

        var api = host.Anonymous();
        foreach (var token in new[] { ticket, $"rt_{ticket}" })
        {
            api.AccessToken = token;
            (await api.GetAsync("/v1/wallet")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = token })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        foreach (var wrong in new[] { "", "x", ticket[..^2], ticket[..20] + (ticket[20] == 'A' ? 'B' : 'A') + ticket[21..], new string('A', 2000) })
        {
            browser.Ticket = wrong;
            (await browser.PayAsync(confirm)).ShouldBe("wallet_login");
        }

        // Who leaves takes it from whoever has kept it; so does who logs out everywhere else.
        browser.Ticket = ticket;
        (await browser.SubmitAsync("leave")).ShouldBe("wallet_login");
        browser.Ticket.ShouldBeNull();
        browser.Ticket = ticket;
        (await browser.PayAsync(confirm)).ShouldBe("wallet_login").Text.ShouldContain("You are no longer logged in. Please log in again.");
        (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        (await payer.DeleteAsync("/v1/sessions")).ShouldBeOk();
        (await browser.PayAsync(confirm)).ShouldBe("wallet_login");
        (await browser.SubmitAsync("factor", ("code", "123456"))).ShouldBe("wallet_login");
        (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        host.Clock.Advance(TimeSpan.FromSeconds(601));
        (await browser.PayAsync(confirm)).Payment.ShouldBeNull();
        foreach (var id in new[] { checkout.Id, other.Id })
        {
            (await shop.SessionAsync(id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        }

        (await UsdcAsync(payer)).ShouldBe("20.0000000");
    }

    [Fact]
    public async Task A_new_password_ends_it()
    {
        var (shop, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");

        var asked = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email = payer.Email })).ShouldBeOk().Body;
        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new
        {
            email = payer.Email, reset_id = asked.GetProperty("id").GetString(), code = await host.Messages.NextDigitsAsync(payer.Email),
            password = "another horse battery",
        })).ShouldBeOk();

        (await browser.PayAsync(confirm)).ShouldBe("wallet_login");
        (await browser.LogInAsync(payer.Email)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.LogInAsync(payer.Email, "another horse battery")).ShouldBe("wallet_confirm");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task No_page_of_others_sends_its_forms_and_no_frame_shows_it()
    {
        var (shop, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        (string, string)[] entered = [("key", checkout.Key), ("name", payer.Email), ("password", Api.Password)];
        foreach (var (name, value) in new[]
        {
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.test"), ("Sec-Fetch-Dest", "iframe"),
            ("Sec-Fetch-Dest", "empty"),
        })
        {
            var refused = await browser.SendAsync(HttpMethod.Post, $"{browser.Wallet}/login", entered, (name, value));
            (refused.Status, refused.Cookies.Length, refused.Raw.Contains("<form", StringComparison.Ordinal))
                .ShouldBe((HttpStatusCode.Forbidden, 0, false), value);
        }

        foreach (var framed in new[] { "iframe", "frame", "embed", "object", "fencedframe" })
        {
            var refused = await browser.SendAsync(HttpMethod.Get, $"{browser.Wallet}?key={checkout.Key}", form: null, ("Sec-Fetch-Dest", framed));
            (refused.Status, refused.Raw.Contains("<form", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, false), framed);
        }

        (await LoginsAsync(payer)).ShouldBe(1);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        foreach (var step in new[] { "pay", "leave", "quote", "factor" })
        {
            (await browser.SendAsync(
                HttpMethod.Post, $"{browser.Wallet}/{step}", [("key", checkout.Key), ("payment", confirm.Payment!)], ("Sec-Fetch-Site", "cross-site")))
                .Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        // Without the secret it is nothing, and tells nobody whether a password is right.
        foreach (var key in new[] { "", "x", checkout.Key[..^1] })
        {
            foreach (var password in new[] { Api.Password, "wrong horse battery" })
            {
                (await browser.SendAsync(HttpMethod.Post, $"{browser.Wallet}/login", [("key", key), ("name", payer.Email), ("password", password)]))
                    .Status.ShouldBe(HttpStatusCode.NotFound);
            }

            (await browser.SendAsync(HttpMethod.Get, $"{browser.Wallet}?key={key}", form: null)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        (await browser.OpenAsync($"&payment={confirm.Payment}")).Payment.ShouldBe(confirm.Payment);
    }

    [Fact]
    public async Task Wrong_passwords_count_with_those_of_the_API()
    {
        var (_, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        foreach (var (name, password) in new[] { ("", Api.Password), ("not-a-name", Api.Password), (payer.Email, ""), (payer.Email, new string('a', 300)) })
        {
            (await browser.LogInAsync(name, password)).ShouldBe("wallet_login").Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        for (var wrong = 0; wrong < 5; wrong++)
        {
            var page = (await browser.LogInAsync(payer.Email, "wrong horse battery")).ShouldBe("wallet_login");
            (page.Status, page.Cookies.Length).ShouldBe((HttpStatusCode.Unauthorized, 0));
            page.Text.ShouldContain("There is no such account, or the password is wrong.");
            page.Text.ShouldContain($"value=\"{payer.Email}\"");
            page.Text.ShouldNotContain("wrong horse battery");
            (await host.Anonymous().PostAsync("/v1/auth/login", new { email = payer.Email, password = "wrong horse battery" }))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        // A stranger's name is answered in the same words.
        (await browser.LogInAsync(FrontdoorHost.NewEmail())).Text.ShouldContain("There is no such account, or the password is wrong.");
        var locked = await browser.LogInAsync(payer.Email);
        (locked.Status, locked.Text.Contains("Too many attempts.", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.TooManyRequests, true));
        locked.Headers.ShouldContain(header => header.Name == "Retry-After");
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = payer.Email, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
    }

    [Fact]
    public async Task Who_has_a_second_factor_shows_it_and_once_more_where_much_is_paid_later()
    {
        var (shop, checkout, payer) = await OpenAsync("400", "150");
        var authenticator = await Authenticator.SetUpAsync(host, payer);
        using var browser = new PayersBrowser(checkout);

        (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_code").Payment.ShouldBeNull();
        (await browser.OpenAsync("&payment=txn_x")).ShouldBe("wallet_code");
        (await browser.SubmitAsync("pay", ("payment", "txn_x"))).ShouldBe("wallet_code");
        (await browser.SubmitAsync("factor", ("code", "12"))).ShouldBe("wallet_code").Status.ShouldBe(HttpStatusCode.BadRequest);
        var wrong = (await browser.SubmitAsync("factor", ("code", authenticator.WrongCode()))).ShouldBe("wallet_code");
        wrong.Text.ShouldContain("This is not the code, or it was used before.");
        var confirm = (await browser.SubmitAsync("factor", ("code", authenticator.Code(1)))).ShouldBe("wallet_confirm");

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await browser.PayAsync(confirm)).ShouldBe("wallet_code").Text.ShouldContain("show your second factor once more. Nothing was paid.");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        confirm = (await browser.SubmitAsync("factor", ("code", authenticator.RecoveryCodes[0]))).ShouldBe("wallet_confirm");
        (await browser.PayAsync(confirm)).State.ShouldBeOneOf("wallet_sent", "paid");
        await shop.UntilAsync(checkout.Id, "paid");
    }

    [Fact]
    public async Task What_cannot_be_paid_is_said_and_pays_nothing()
    {
        var (shop, checkout, payer) = await OpenAsync("1");
        using var browser = new PayersBrowser(checkout);
        var poor = (await browser.LogInAsync(payer.Email, asset: "USDC")).ShouldBe("wallet_confirm");
        poor.Text.ShouldContain("Your wallet does not have enough for the amount and its fee. Nothing was paid.");
        poor.Payment.ShouldBeNull();

        var rich = await host.PayerAsync("20");
        (await browser.SubmitAsync("leave")).ShouldBe("wallet_login");
        var confirm = (await browser.LogInAsync(rich.Email)).ShouldBe("wallet_confirm");
        confirm.Text.ShouldContain(rich.Email);
        confirm.Text.ShouldNotContain(payer.Email);
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/wallets/{rich.WalletId}/freeze", new { reason = "Asked by a test" })).ShouldBeOk();
        (await browser.PayAsync(confirm)).ShouldBe("wallet_confirm").Text.ShouldContain("Your wallet may not send this at present. Nothing was paid.");
        (await admin.PostAsync($"/v1/admin/wallets/{rich.WalletId}/unfreeze", new { reason = "Asked by a test" })).ShouldBeOk();

        // Ended by the shop while it is looked at.
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
        await checkout.UntilAsync("canceled");
        (await browser.PayAsync(confirm)).ShouldBe("canceled");
        (await browser.OpenAsync()).ShouldBe("canceled");
        (await browser.LogInAsync(rich.Email)).ShouldBe("canceled");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        (await UsdcAsync(rich)).ShouldBe("20.0000000");
    }

    // The bug kept away: "something went wrong, try again", and it is paid twice.
    [Fact]
    public async Task An_answer_that_was_lost_asks_nobody_to_pay_again()
    {
        var (shop, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        using var second = new PayersBrowser(checkout);
        var confirm = (await browser.LogInAsync(payer.Email)).ShouldBe("wallet_confirm");
        (await second.LogInAsync(payer.Email)).Payment.ShouldBe(confirm.Payment, "two windows have one quote");

        // Its call is made again under its key, and that is lost, too.
        host.Answers.LoseNext(nameof(IWalletGrain.ConfirmAsync), calls: 3);
        var unknown = await browser.PayAsync(confirm);
        host.Answers.LoseNoMore();
        unknown.State.ShouldBeOneOf("wallet_sent", "paid");
        unknown.Text.ShouldNotContain("web+stellar:");
        (await second.PayAsync(confirm)).State.ShouldBeOneOf("wallet_sent", "paid");
        await shop.UntilAsync(checkout.Id, "paid");
        var session = await shop.SessionAsync(checkout.Id);
        (session.GetProperty("payment_count").GetInt32(), session.GetProperty("overpaid").GetBoolean()).ShouldBe((1, false));
        await Eventually.UntilAsync(async () => (await browser.CheckoutAsync()).State == "paid", "the page says that it is paid");
    }

    [Fact]
    public async Task What_has_become_of_it_is_shown_as_the_wallet_has_it_and_only_of_his_own()
    {
        var (_, checkout, payer) = await OpenAsync("20");
        using var browser = new PayersBrowser(checkout);
        var quoted = (await payer.PostAsync("/v1/payments", new { recipient = checkout.Id })).ShouldBeOk().Body.GetProperty("id").GetString()!;

        // Whether it was confirmed is not known as long as it can be.
        browser.Ticket = TicketOf(checkout, payer, quoted);
        var unknown = (await browser.CheckoutAsync()).ShouldBe("wallet_sent");
        unknown.Text.ShouldContain("Please do not pay again");
        foreach (var absent in new[] { "web+stellar:", "qr.svg", "class=\"wallet\"" })
        {
            unknown.Text.ShouldNotContain(absent);
        }

        (await browser.OpenAsync()).ShouldBe("wallet_sent");
        (await browser.SubmitAsync("pay", ("payment", quoted))).ShouldBe("wallet_sent");
        // Nobody else sees it: neither without the ticket, nor by one of somebody else's.
        (await checkout.TextAsync()).ShouldContain("data-state=\"waiting\"");
        browser.Ticket = TicketOf(checkout, checkout.Shop.Owner, quoted);
        (await browser.CheckoutAsync()).ShouldBe("waiting");

        (await payer.PostAsync($"/v1/payments/{quoted}/cancel")).ShouldBeOk();
        browser.Ticket = TicketOf(checkout, payer, quoted);
        var page = (await browser.CheckoutAsync()).ShouldBe("waiting");
        page.Text.ShouldContain("Your payment from StellarPay was not made.");
        page.Text.ShouldContain("web+stellar:");
        page.Text.ShouldContain("class=\"wallet\"");
        (await browser.OpenAsync()).ShouldBe("wallet_login");
    }

    [Fact]
    public async Task He_pays_in_whatever_of_it_he_has_and_what_he_cannot_is_said()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("1");
        (await payer.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains("\"10000.0000000\"", StringComparison.Ordinal), "he has XLM");
        var both = await OpenCheckout.NewAsync(shop, new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC", "XLM" } });
        using var browser = new PayersBrowser(both);

        (await browser.LogInAsync(payer.Email)).Text.ShouldContain("XLM now");
        var poor = (await browser.SubmitAsync("quote", ("asset", "USDC"))).ShouldBe("wallet_confirm");
        poor.Text.ShouldContain("Your wallet does not have enough for the amount and its fee. Nothing was paid.");
        (poor.Payment, poor.Raw.Contains("name=\"asset\" value=\"native\"", StringComparison.Ordinal)).ShouldBe((null, true));
        var confirm = await browser.SubmitAsync("quote", ("asset", "native"));
        confirm.Text.ShouldContain("XLM now");
        (await browser.PayAsync(confirm)).State.ShouldBeOneOf("wallet_sent", "paid");
        await shop.UntilAsync(both.Id, "paid");

        // There is no market here that turns what he has into what is taken.
        var one = await OpenCheckout.NewAsync(shop, new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC" } });
        using var other = new PayersBrowser(one);
        (await other.LogInAsync(payer.Email)).Text.ShouldContain("Pay with XLM of your wallet");
        var none = (await other.SubmitAsync("quote", ("asset", "USDC"), ("source", "native"))).ShouldBe("wallet_confirm");
        none.Text.ShouldContain("It cannot be paid from your wallet right now.");
        none.Payment.ShouldBeNull();
    }

    [Fact]
    public void Passwords_and_factors_count_by_the_limits_of_the_APIs_logins()
    {
        var limits = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/checkout/{id}/wallet", StringComparison.Ordinal))
            .ToDictionary(
                endpoint => endpoint.RoutePattern.RawText!.TrimEnd('/').Split('/')[^1],
                endpoint => endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName);

        limits.Keys.ShouldBe(["wallet", "login", "factor", "quote", "pay", "leave"], ignoreOrder: true);
        (limits["login"], limits["factor"]).ShouldBe((RateLimitNames.Auth, RateLimitNames.Auth));
        limits.Values.ShouldAllBe(limit => limit != null);
    }

    // As the page gives it once a payment was confirmed.
    private string TicketOf(OpenCheckout checkout, Api user, string payment)
    {
        var (tickets, context) = (host.Services.GetRequiredService<PayerTickets>(), new DefaultHttpContext());
        tickets.Give(context, checkout.Id, tickets.New(user.UserId, sent: payment));
        return context.Response.Headers.SetCookie.ToString().Split(';')[0].Split('=', 2)[1];
    }

    private async Task<(PaidShop Shop, OpenCheckout Checkout, Api Payer)> OpenAsync(string usdc, string price = "3")
    {
        var shop = await PaidShop.OpenAsync(host);
        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { brand_color = "#ffcc00" })).ShouldBeOk();
        var payer = await host.PayerAsync(usdc);
        var checkout = await OpenCheckout.NewAsync(
            shop, new { amount_decimal = price, currency = "USDC", assets = new[] { "USDC" }, description = "A book & a map" });
        return (shop, checkout, payer);
    }

    private static async Task<string?> UsdcAsync(Api payer) => (await payer.GetAsync("/v1/wallet")).ShouldBeOk().Body
        .GetProperty("balances").EnumerateArray().First(balance => balance.GetProperty("asset").GetString() == "USDC")
        .GetProperty("balance").GetString();

    private static async Task<int> LoginsAsync(Api payer) =>
        (await payer.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength();
}
