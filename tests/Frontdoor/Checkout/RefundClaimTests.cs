using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>A payer has sent back what is held for him, by a page and a secret of its own.</summary>
[Collection<SessionHostCollection>]
public sealed partial class RefundClaimTests(SessionHost host)
{
    private static readonly (string, string)[] FromItsPage = [("Sec-Fetch-Site", "same-origin")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_too_late_is_sent_back_once_by_a_click_and_its_shop_sees_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (checkout, url) = await LateAsync(shop, wallet);
        using var browser = new PayersBrowser(checkout);

        var page = (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).ShouldBe("refund");
        foreach (var shown in new[]
        {
            "Money back from Ada's Books", "You can have this back", "Came too late", "3 USDC", "Send 3 USDC back", wallet.Account.ToString(), "3.00 USD",
        })
        {
            page.Text.ShouldContain(shown);
        }

        foreach (var hidden in new[] { "A book", "reader@", "web+stellar", "style=", "onclick", "<script" })
        {
            page.Text.ShouldNotContain(hidden);
        }

        HeaderOf(page, "Content-Security-Policy").ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'");
        HeaderOf(page, "Referrer-Policy").ShouldBe("no-referrer");
        HeaderOf(page, "Cache-Control").ShouldContain("no-store");
        page.Cookies.ShouldBeEmpty();
        (await RefundsAsync(shop)).ShouldBeEmpty("looking makes nothing");

        var payment = page.Payment.ShouldNotBeNull();
        // An exchange's hot wallet takes what belongs to its customer, and nobody can say whose it was.
        page.Text.ShouldContain("The account that paid is my own, and not an exchange's.");
        (await ClaimAsync(browser, url, payment, isOwn: false)).ShouldBe("refund").Text
            .ShouldContain("Nothing was sent. Please confirm first that the account that paid is your own.");
        (await RefundsAsync(shop)).ShouldBeEmpty("nobody said that it is his own");
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ClaimAsync(browser, url, payment)));

        all.ShouldAllBe(seen => seen.State == "refund_pending" || seen.State == "refund_done");
        all.ShouldAllBe(seen => seen.Path == url.PathAndQuery, "who loads it again sends no form again");
        await Eventually.UntilAsync(
            async () => (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).State == "refund_done", "it is there");
        page = await ClaimAsync(browser, url, payment);
        page.ShouldBe("refund_done").Text.ShouldContain("3 USDC was sent back.");
        page.Payment.ShouldBeNull();
        var refund = (await RefundsAsync(shop)).ShouldHaveSingleItem();
        (refund.GetProperty("reason").GetString(), refund.GetProperty("status").GetString()).ShouldBe(("requested_by_customer", "succeeded"));
        var more = refund.GetProperty("stellarpay");
        (more.GetProperty("claimed").GetBoolean(), more.GetProperty("legs")[0].GetProperty("to").GetString())
            .ShouldBe((true, wallet.Account.ToString()));
        page.Text.ShouldContain(more.GetProperty("legs")[0].GetProperty("tx_hash").GetString()!);
        var stale = await browser.SendAsync(
            HttpMethod.Get, $"{url.PathAndQuery}&payment={payment}&why=claimed_refunds_exceeded", form: null);
        stale.ShouldBe("refund_done").Text.ShouldNotContain("Too much was claimed");
        await Eventually.UntilAsync(
            async () => (await checkout.TextAsync()).Contains("was sent back, or is on its way back", StringComparison.Ordinal), "its own page knows");
        (await checkout.TextAsync()).ShouldNotContain("has paid for nothing");
        host.Log.Lines.Where(line => line.Everything.Contains(KeyOf(url), StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Neither_secret_opens_the_others_page_and_no_page_of_anybody_elses_claims_anything()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (checkout, url) = await LateAsync(shop, wallet);
        using var browser = new PayersBrowser(checkout);
        var payment = (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).Payment.ShouldNotBeNull();

        foreach (var key in new[] { checkout.Key, "", "x", KeyOf(url)[..^1] })
        {
            (await browser.SendAsync(HttpMethod.Get, $"{url.AbsolutePath}?key={Uri.EscapeDataString(key)}", form: null)).Status
                .ShouldBe(HttpStatusCode.NotFound, key);
            (await browser.SendAsync(HttpMethod.Post, url.AbsolutePath, [("key", key), ("payment", payment)], FromItsPage)).Status
                .ShouldBe(HttpStatusCode.NotFound, key);
        }

        (await browser.SendAsync(HttpMethod.Get, url.AbsolutePath, form: null)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await checkout.AskAsync($"/checkout/{checkout.Id}?key={KeyOf(url)}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var other = await OpenCheckout.NewAsync(shop);
        (await other.AskAsync($"/checkout/{other.Id}/refund?key={KeyOf(url)}")).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            (await browser.SendAsync(HttpMethod.Post, url.AbsolutePath, [("key", KeyOf(url)), ("payment", payment)], ("Sec-Fetch-Site", site)))
                .Status.ShouldBe(HttpStatusCode.Forbidden, site);
        }

        foreach (var text in new[] { "", "1-0", "x", $"{payment}&why=y" })
        {
            (await ClaimAsync(browser, url, text)).ShouldBe("refund");
        }

        (await RefundsAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_url_is_shown_to_who_may_refund_and_only_where_something_is_held()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var plain = await OpenCheckout.NewAsync(shop, new { amount_decimal = "3", currency = "USDC" });
        await wallet.PayAsync(await plain.ScanAsync("USDC"), "4");
        await plain.UntilAsync("overpaid");
        (await shop.SessionAsync(plain.Id)).GetProperty("refund_url").ValueKind
            .ShouldBe(JsonValueKind.Null, "what is beyond the price is the shop's, who keeps it");
        (await plain.TextAsync()).ShouldContain("Please ask Ada's Books about it.");
        var (checkout, url) = await LateAsync(shop, wallet);
        var reader = await shop.WithAsync(new
        {
            kind = "restricted", name = "Reads", permissions = new[] { "payment_sessions:read", "refunds:read" }, password = Api.Password,
        });

        var seen = (await reader.GetAsync($"/v1/payment_sessions/{checkout.Id}")).ShouldBeOk().Body;

        seen.GetProperty("checkout_url").GetString().ShouldBe(checkout.Url.ToString());
        seen.GetProperty("refund_url").ValueKind.ShouldBe(JsonValueKind.Null);
        var listed = (await shop.Server.GetAsync("/v1/payment_sessions?limit=100")).ShouldBeOk();
        listed.Text.ShouldContain(checkout.Id);
        listed.Text.ShouldNotContain(KeyOf(url), Case.Sensitive, "lists are logged and passed on");
        url.AbsolutePath.ShouldBe($"/checkout/{checkout.Id}/refund");
        var events = await Eventually.UntilAsync(
            () => shop.Server.GetAsync("/v1/events?limit=100"), answer => answer.Text.Contains("payment_session.late", StringComparison.Ordinal));
        events.Text.ShouldNotContain(KeyOf(url));
    }

    [Fact]
    public async Task Who_may_pay_has_the_link_mailed_to_who_has_paid_and_is_not_shown_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        var email = $"reader-{Guid.NewGuid():n}@example.com";
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (checkout, url) = await LateAsync(shop, wallet, email);
        using var browser = new PayersBrowser(checkout);
        var page = (await browser.CheckoutAsync()).ShouldBe("late");
        page.Text.ShouldContain("you can have it sent back to the account that paid");
        page.Text.ShouldContain("Send me the link");
        page.Text.ShouldNotContain(KeyOf(url));

        var sent = await SendLinkAsync(checkout.Key);

        sent.ShouldBe("late").Text.ShouldContain("the link is on its way there");
        sent.Text.ShouldNotContain(KeyOf(url));
        sent.Text.ShouldNotContain(email);
        var mail = await host.Messages.NextAsync(email);
        mail.Text.ShouldContain(url.ToString());
        mail.Text.ShouldNotContain("Ada");
        (await SendLinkAsync(KeyOf(url))).Status.ShouldBe(HttpStatusCode.NotFound);
        // So few of each session and day: whoever has the link to pay fills nobody's mailbox.
        for (var again = 0; again < 4; again++)
        {
            (await SendLinkAsync(checkout.Key)).Text.ShouldContain("the link is on its way there");
        }

        await host.Messages.NextAsync(email);
        await host.Messages.NextAsync(email);
        await using var command = host.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.messages WHERE bulk");
        await Eventually.UntilAsync(async () => await command.ExecuteScalarAsync(Cancelled) is 0L, "all that was written is sent");
        host.Messages.All.Count(message => message.To == email).ShouldBe(3);

        Task<PayersBrowser.Seen> SendLinkAsync(string key) => browser.SendAsync(
            HttpMethod.Post, $"/checkout/{checkout.Id}/refund_link", [("key", key)], FromItsPage);
    }

    [Fact]
    public async Task Who_paid_a_part_from_a_wallet_here_has_the_link_to_that_alone()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var other = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var payer = await host.PayerAsync("20");
        var checkout = await OpenCheckout.NewAsync(shop, new { amount = 300, currency = "USD" });
        var account = (await payer.GetAsync("/v1/wallet")).Body.GetProperty("address").GetString()!;
        var part = new { recipient = checkout.Id, amount = "1", asset = "USDC", confirm = true };
        (await payer.PostAsync("/v1/payments", part, Api.NewKey())).ShouldBeOk();
        await other.PayAsync((await shop.SessionAsync(checkout.Id)).GetProperty("pay_to"), "1.5");
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(checkout.Id)).GetProperty("payments").GetArrayLength() == 2, "both came");
        (await checkout.TextAsync()).ShouldNotContain("Send me the link", Case.Sensitive, "it can be paid still");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
        using var browser = new PayersBrowser(checkout);
        await Eventually.UntilAsync(
            async () => (await checkout.TextAsync()).Contains("Send me the link", StringComparison.Ordinal), "it is held for them");

        await browser.SendAsync(HttpMethod.Post, $"/checkout/{checkout.Id}/refund_link", [("key", checkout.Key)], FromItsPage);

        await Eventually.UntilAsync(() => Task.FromResult(Mails().Length > 0), "he is told");
        var url = new Uri(Mails()[0].Split('\n').Single(line => line.Contains("/refund?", StringComparison.Ordinal)).Trim());
        var whole = (await shop.SessionAsync(checkout.Id)).GetProperty("refund_url").GetString()!;
        url.Query.ShouldStartWith($"?payer={account}&key=");
        var key = url.Query[$"?payer={account}&key=".Length..];
        key.ShouldNotBe(KeyOf(new Uri(whole)));
        var page = (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).ShouldBe("refund");
        page.Text.ShouldContain("Send 1 USDC back");
        page.Text.ShouldNotContain("1.5 USDC", Case.Sensitive, "that is another's");
        foreach (var path in new[] { $"{url.AbsolutePath}?key={key}", $"{url.AbsolutePath}?payer={other.Account}&key={key}", $"{new Uri(whole).PathAndQuery}&payer={account}" })
        {
            (await browser.SendAsync(HttpMethod.Get, path, form: null)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }

        var all = await browser.SendAsync(HttpMethod.Get, new Uri(whole).PathAndQuery, form: null);
        all.Text.ShouldContain("1.5 USDC");
        var theirs = PaymentText().Matches(all.Raw).Select(match => match.Groups[1].Value).Single(each => each != page.Payment);
        await ClaimAsync(theirs);
        (await RefundsAsync(shop)).ShouldBeEmpty("not by his key");
        await ClaimAsync(page.Payment!);
        await Eventually.UntilAsync(
            async () => (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).State == "refund_done", "he has it");
        (await RefundsAsync(shop)).ShouldHaveSingleItem().GetProperty("stellarpay").GetProperty("legs")[0].GetProperty("to").GetString()
            .ShouldBe(account);

        string[] Mails() =>
        [
            .. host.Messages.All.Where(message => message.To == payer.Email && message.Text.Contains("/refund?", StringComparison.Ordinal))
                .Select(message => message.Text),
        ];

        Task ClaimAsync(string payment) => browser.SendAsync(
            HttpMethod.Post, url.AbsolutePath, [("payer", account), ("key", key), ("payment", payment), ("own_account", "yes")], FromItsPage);
    }

    [Fact]
    public async Task What_its_shop_has_accepted_meanwhile_is_not_claimed_any_more_and_the_page_says_so()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (checkout, url) = await LateAsync(shop, wallet);
        using var browser = new PayersBrowser(checkout);
        var payment = (await browser.SendAsync(HttpMethod.Get, url.PathAndQuery, form: null)).Payment.ShouldNotBeNull();
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/accept", new { payment })).ShouldBeOk();

        var page = await ClaimAsync(browser, url, payment);

        page.ShouldBe("refund_none").Text.ShouldContain("has accepted it all the same");
        page.Payment.ShouldBeNull();
        (await RefundsAsync(shop)).ShouldBeEmpty();
        // In each language, and from the right where that is read so.
        foreach (var language in new[] { "de", "es", "pt", "hi", "ar" })
        {
            var said = await browser.SendAsync(HttpMethod.Get, $"{url.PathAndQuery}&lang={language}", form: null);
            said.Text.ShouldContain($"lang=\"{language}\" dir=\"{(language == "ar" ? "rtl" : "ltr")}\"");
        }
    }

    private static async Task<(OpenCheckout Checkout, Uri Url)> LateAsync(PaidShop shop, OutsidersWallet wallet, string? email = null)
    {
        var checkout = await OpenCheckout.NewAsync(shop, new { amount = 300, currency = "USD", description = "A book", customer_email = email ?? "reader@example.com" });
        (await shop.SessionAsync(checkout.Id)).GetProperty("refund_url").ValueKind.ShouldBe(JsonValueKind.Null);
        var request = await checkout.ScanAsync("USDC");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
        await wallet.PayAsync(request);
        await checkout.UntilAsync("late");
        return (checkout, new Uri((await shop.SessionAsync(checkout.Id)).GetProperty("refund_url").GetString()!));
    }

    private static Task<PayersBrowser.Seen> ClaimAsync(PayersBrowser browser, Uri url, string payment, bool isOwn = true) =>
        browser.SendAsync(
            HttpMethod.Post, url.AbsolutePath,
            [("key", KeyOf(url)), ("payment", payment), .. isOwn ? new[] { ("own_account", "yes") } : []], FromItsPage);

    [GeneratedRegex("name=\"payment\" value=\"([a-z0-9_-]+)\"")]
    private static partial Regex PaymentText();

    private static async Task<JsonElement[]> RefundsAsync(PaidShop shop) =>
        [.. (await shop.Server.GetAsync("/v1/refunds")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()];

    private static string KeyOf(Uri url) => url.Query["?key=".Length..];

    private static string HeaderOf(PayersBrowser.Seen page, string name) => page.Headers.Single(header => header.Name == name).Value;
}
