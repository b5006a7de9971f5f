using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Invoices;
using StellarPay.Frontdoor.Tests.PaymentLinks;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Sessions with an address of their own, for payers who can set neither memo nor muxed address.</summary>
[Collection<SessionHostCollection>]
public sealed class DedicatedAddressTests(SessionHost host)
{
    private static readonly object Offering = new { amount = 1000, currency = "USD", assets = new[] { "USDC" }, offer_dedicated_address = true };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_can_set_no_memo_pays_the_sessions_own_address_and_the_books_are_nil_of_it_after()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(Offering);
        var id = session.GetProperty("id").GetString()!;
        Own(session).ShouldBe(("offered", null));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Server.PostAsync($"/v1/payment_sessions/{id}/address")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var address = await UntilOpenAsync(shop, id);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");

        var hash = await payer.SubmitAsync(Memo.None, await PaymentAsync(payer, address, session));

        await shop.UntilAsync(id, "paid");
        var paid = await shop.SessionAsync(id);
        (paid.GetProperty("tx_hash").GetString(), paid.GetProperty("payments")[0].GetProperty("from").GetString()).ShouldBe(
            (hash, payer.Account.ToString()));
        await Eventually.UntilAsync(
            async () => Own(await shop.SessionAsync(id)) == ("closed", null), "its account is given up");
        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        (await sandbox.GetAsync($"/accounts/{address}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Eventually.UntilAsync(
            async () => (await shop.BalanceAsync("USDC"))?.GetProperty("available").GetString() == "9.9000000", "the shop has it");
        await Eventually.UntilAsync(async () => await BooksAsync(id) == "ledger 0, payment_address 0", "what came has left");
        await Eventually.UntilAsync(
            async () => await BooksAsync(shop.Id) == "ledger -100000000, merchant_available 99000000, merchant_fees 1000000, merchant_pending 0, merchant_unallocated 0",
            "and is the merchant's");
    }

    [Fact]
    public async Task A_payer_asks_for_it_on_the_page_and_is_shown_it_there()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, Offering);
        (await checkout.TextAsync()).ShouldContain("Get an address");

        (await AskAsync(checkout, "wrong")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Own(await shop.SessionAsync(checkout.Id)).ShouldBe(("offered", null));
        var asked = await AskAsync(checkout, checkout.Key);
        (asked.StatusCode, asked.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, checkout.Url.PathAndQuery));

        var address = await UntilOpenAsync(shop, checkout.Id);
        await Eventually.UntilAsync(
            async () => (await checkout.TextAsync()).Contains(address, StringComparison.Ordinal), "the page shows the address");
        Own(await checkout.DataAsync()).ShouldBe(("open", address));
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
        await Eventually.UntilAsync(
            async () => !(await checkout.TextAsync()).Contains(address, StringComparison.Ordinal), "and no more when it has ended");
        await Eventually.UntilAsync(async () => Own(await shop.SessionAsync(checkout.Id)).Status == "closed", "its account is given up");
    }

    [Fact]
    public async Task It_is_refused_where_it_is_not_offered_where_the_session_ended_and_to_others()
    {
        var shop = await PaidShop.OpenAsync(host);
        var plain = await OpenCheckout.NewAsync(shop);
        (await shop.SessionAsync(plain.Id)).GetProperty("dedicated_address").ValueKind.ShouldBe(JsonValueKind.Null);
        (await plain.TextAsync()).ShouldNotContain("Get an address");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{plain.Id}/address"))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "payment_address_not_offered");
        var refused = await AskAsync(plain, plain.Key);
        refused.Headers.Location!.ToString().ShouldBe($"{plain.Url.PathAndQuery}&address=refused");

        var ended = await shop.NewSessionAsync(Offering);
        var id = ended.GetProperty("id").GetString()!;
        var other = await PaidShop.OpenAsync(host);
        (await other.Server.PostAsync($"/v1/payment_sessions/{id}/address")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeOk();
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/address")).ShouldBeError(HttpStatusCode.Conflict, "payment_session_not_open");
        (await shop.Server.PostAsync("/v1/payment_sessions", new
        {
            amount = 1000, currency = "USD", offer_dedicated_address = true, test_clock = "clock_00000000000000000000000a",
        })).ShouldBeError(HttpStatusCode.BadRequest, "offer_dedicated_address_invalid", "offer_dedicated_address");
    }

    // Shops without a developer have payers at exchanges, too.
    [Fact]
    public async Task Links_and_invoices_offer_it_where_their_merchant_says_so()
    {
        var shop = await PaidShop.OpenAsync(host);
        await host.CatchUpWithLedgersAsync();
        var order = new { amount_decimal = "3", currency = "USDC", offer_dedicated_address = true };
        var link = await OpenLink.NewAsync(shop, order);
        Offers(link.Made).ShouldBeTrue();
        var (status, location, text) = await link.PayAsync();
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        Own(await shop.SessionAsync(location!.AbsolutePath["/checkout/".Length..])).ShouldBe(("offered", null));
        (await shop.Server.PostAsync("/v1/payment_links", new { amount_decimal = "3", currency = "USDC", offer_dedicated_address = true, stock = 5 }))
            .ShouldBeError(HttpStatusCode.BadRequest, "offer_dedicated_address_invalid", "offer_dedicated_address");

        var (kept, dropped) = (await OpenInvoice.DraftAsync(shop, order), await OpenInvoice.DraftAsync(shop, order));
        Offers((await shop.Server.PostAsync($"/v1/invoices/{kept.Id}", new { description = "Chairs" })).ShouldBeOk().Body).ShouldBeTrue();
        Offers((await shop.Server.PostAsync($"/v1/invoices/{dropped.Id}", new { offer_dedicated_address = false })).ShouldBeOk().Body).ShouldBeFalse();
        Own(await SessionOfAsync(kept)).ShouldBe(("offered", null));
        (await SessionOfAsync(dropped)).GetProperty("dedicated_address").ValueKind.ShouldBe(JsonValueKind.Null);
        Offers((await OpenLink.NewAsync(shop, new { amount_decimal = "3", currency = "USDC" })).Made).ShouldBeFalse();
    }

    private static bool Offers(JsonElement made) => made.GetProperty("stellarpay").GetProperty("offer_dedicated_address").GetBoolean();

    private static async Task<JsonElement> SessionOfAsync(OpenInvoice draft) =>
        await (await draft.FinalizeAsync()).SessionAsync();

    private static async Task<string> UntilOpenAsync(PaidShop shop, string id)
    {
        await Eventually.UntilAsync(async () => Own(await shop.SessionAsync(id)).Status == "open", "its account is open");
        return Own(await shop.SessionAsync(id)).Address!;
    }

    private static (string? Status, string? Address) Own(JsonElement session)
    {
        var own = session.GetProperty("dedicated_address");
        return (own.GetProperty("status").GetString(), own.GetProperty("address").GetString());
    }

    private static async Task<PaymentOperation> PaymentAsync(OutsidersWallet payer, string address, JsonElement session) => new(
        MuxedAccount.Parse(address), await payer.FindUsdcAsync(),
        StellarPay.Stellar.StellarAmount.Parse(session.GetProperty("amount_asset").GetString()!));

    private static async Task<HttpResponseMessage> AskAsync(OpenCheckout checkout, string key)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = checkout.Shop.Host.Address };
        return await http.PostAsync($"/checkout/{checkout.Id}/address", new FormUrlEncodedContent([new("key", key)]), Cancelled);
    }

    private async Task<string?> BooksAsync(string owner)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT string_agg(account || ' ' || stroops, ', ' ORDER BY account)
            FROM journal_balances WHERE owner = $1 AND asset LIKE 'USDC:%'
            """);
        command.Parameters.AddWithValue(owner);
        return await command.ExecuteScalarAsync(Cancelled) as string;
    }
}
