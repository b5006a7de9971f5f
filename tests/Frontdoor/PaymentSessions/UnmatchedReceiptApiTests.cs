using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>What comes to shops and names nobody, by wallets of ours and by the ledger.</summary>
[Collection<SessionHostCollection>]
public sealed class UnmatchedReceiptApiTests(SessionHost host)
{
    private const string Path = "/v1/unmatched_receipts";

    /// <summary>
    /// Given 3. Customers forget the memo. Nothing is matched by its amount; both are in the list with hash and sender; assigning credits
    /// once; the later refund is refused; every stroop has one owner.
    /// </summary>
    [Fact]
    public async Task What_came_without_a_memo_is_assigned_once_and_not_refunded_as_well()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("200");
        var forty = await shop.NewSessionAsync(new { amount_decimal = "40", currency = "USDC" });
        var seventyFive = (await shop.NewSessionAsync(new { amount_decimal = "75", currency = "USDC" })).GetProperty("id").GetString()!;
        var address = await payer.GetAsync("/v1/wallet");
        await PayAsync(shop, payer, "75", null);
        // Two that are under way together are taken in either order.
        await UntilAsync(shop, 1);
        await PayAsync(shop, payer, "40", "pay_000000000000000000000000");

        var receipts = await UntilAsync(shop, 2);
        receipts.Select(one => (Text(one, "amount"), Text(one, "reason"), Text(one, "memo"), Text(one, "status"))).ShouldBe([
            ("40.0000000", "memo_unknown", "pay_000000000000000000000000", "unmatched"), ("75.0000000", "no_memo", null, "unmatched"),
        ]);
        receipts.ShouldAllBe(one => Text(one, "from") == address.Body.GetProperty("address").GetString() && Text(one, "tx_hash")!.Length == 64);
        (await shop.SessionAsync(forty.GetProperty("id").GetString()!)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        var id = Text(receipts[1], "id")!;

        // The payer has asked us, and not the shop.
        var admin = await host.NewAdminAsync();
        var theirs = $"/v1/admin/merchants/{shop.Id}/unmatched_receipts";
        (await admin.GetAsync($"{theirs}?status=unmatched")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(2);
        (await admin.PostAsync($"{theirs}/{id}/assign", new { payment_session = seventyFive }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "reason");
        (await shop.Owner.PostAsync($"{theirs}/{id}/assign", new { payment_session = seventyFive, reason = "It is mine" })).Status
            .ShouldBe(HttpStatusCode.Forbidden);
        (await admin.PostAsync($"{theirs}/{id}/assign", new { payment_session = seventyFive, reason = "The payer showed it" })).ShouldBeOk();
        (await host.AuditOf(shop.Id)).Where(line => line.StartsWith(admin.UserId, StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1]).ShouldBe(["merchant.receipts_view", "merchant.receipt_assign"]);

        var assigned = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            shop.Server.PostAsync($"{Path}/{id}/assign", new { payment_session = seventyFive })));

        assigned.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (Text(assigned[0].Body, "status"), Text(assigned[0].Body, "payment_session")).ShouldBe(("assigned", seventyFive));
        await shop.UntilAsync(seventyFive, "paid");
        (await shop.Server.PostAsync($"{Path}/{id}/refund")).ShouldBeError(HttpStatusCode.Conflict, "unmatched_receipt_decided");
        (await shop.Server.PostAsync($"{Path}/{id}/assign", new { payment_session = forty.GetProperty("id").GetString() }))
            .ShouldBeError(HttpStatusCode.Conflict, "unmatched_receipt_decided");
        await Eventually.UntilAsync(async () => await SumAsync(shop) is { } sums && sums.Unallocated == 400_000_000, "it is sold");
        var sums = await SumAsync(shop);
        (sums.OnLedger, sums.All).ShouldBe((1_150_000_000, 1_150_000_000));
        await Eventually.UntilAsync(
            async () => (await TypesAsync(shop, id)).SequenceEqual(["unmatched_receipt.assigned", "unmatched_receipt.created"]), "the shop is told");

        (await shop.Server.PostAsync($"{Path}/{Text(receipts[0], "id")}/refund")).ShouldBeOk();
        var back = await Eventually.UntilAsync(
            () => shop.Server.GetAsync($"{Path}/{Text(receipts[0], "id")}"), answer => Text(answer.Body, "status") == "refunded");
        Text(back.Body.GetProperty("refund"), "status").ShouldBe("succeeded");
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains("\"125.0000000\"", StringComparison.Ordinal), "the payer has it");
    }

    [Fact]
    public async Task A_shops_own_money_comes_by_its_own_memo_or_is_declared_so()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("50");
        var topup = (await shop.Server.GetAsync("/v1/merchant/account")).ShouldBeOk().Body.GetProperty("topup");
        Text(topup, "memo").ShouldBe(shop.Id);
        await PayAsync(shop, payer, "10", Text(topup, "memo"));
        await PayAsync(shop, payer, "5", "Rent");
        var id = Text((await UntilAsync(shop, 1))[0], "id")!;

        Text((await shop.Server.PostAsync($"{Path}/{id}/topup")).ShouldBeOk().Body, "status").ShouldBe("topup");

        await Eventually.UntilAsync(
            async () => await shop.BalanceAsync("USDC") is { } balance && Text(balance, "available") == "15.0000000"
                && Text(balance, "fees") == "0.0000000" && Text(balance, "unallocated") == "0.0000000",
            "no fee is taken");
    }

    [Fact]
    public async Task Receipts_are_listed_page_by_page_and_what_will_not_do_names_its_field_and_others_find_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("30");
        var session = (await shop.NewSessionAsync()).GetProperty("id").GetString()!;
        var ended = (await shop.NewSessionAsync()).GetProperty("id").GetString()!;
        (await shop.Server.PostAsync($"/v1/payment_sessions/{ended}/cancel")).ShouldBeOk();
        foreach (var (at, amount) in new[] { "1", "2", "3" }.Index())
        {
            await PayAsync(shop, payer, amount, null);
            await UntilAsync(shop, at + 1);
        }

        var ids = (await UntilAsync(shop, 3)).Select(one => Text(one, "id")!).ToArray();
        (await shop.Server.PostAsync($"{Path}/{ids[1]}/topup")).ShouldBeOk();
        var first = await ListAsync(shop, "?limit=2");
        (first.Ids, first.HasMore).ShouldBe(([ids[0], ids[1]], true), Same);
        (await ListAsync(shop, $"?limit=2&starting_after={ids[1]}")).ShouldBe(([ids[2]], false), Same);
        (await ListAsync(shop, $"?limit=1&ending_before={ids[2]}")).ShouldBe(([ids[1]], true), Same);
        (await ListAsync(shop, "?status=unmatched")).ShouldBe(([ids[0], ids[2]], false), Same);
        (await ListAsync(shop, "?status=topup")).ShouldBe(([ids[1]], false), Same);
        (await shop.Server.GetAsync($"{Path}?status=open")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "status");
        (await shop.Server.GetAsync($"{Path}?starting_after=rcp_x")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
        (await shop.Server.GetAsync($"{Path}?limit=0")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "limit");

        async Task RefusedAsync(object request, HttpStatusCode status, string code) =>
            (await shop.Server.PostAsync($"{Path}/{ids[0]}/assign", request)).ShouldBeError(status, code, "payment_session");

        await RefusedAsync(new { }, HttpStatusCode.BadRequest, "parameter_missing");
        await RefusedAsync(new { payment_session = "pay_1" }, HttpStatusCode.BadRequest, "payment_session_invalid");
        await RefusedAsync(new { payment_session = "pay_000000000000000000000000" }, HttpStatusCode.NotFound, "payment_session_not_found");
        await RefusedAsync(new { payment_session = ended }, HttpStatusCode.Conflict, "payment_session_not_open");
        foreach (var none in new[] { "rcp_000000000000000000000000", "rcp_1", "x", ids[0].ToUpperInvariant() })
        {
            (await shop.Server.GetAsync($"{Path}/{none}")).ShouldBeError(HttpStatusCode.NotFound, "unmatched_receipt_not_found");
            (await shop.Server.PostAsync($"{Path}/{none}/topup")).ShouldBeError(HttpStatusCode.NotFound, "unmatched_receipt_not_found");
        }

        var other = await PaidShop.OpenAsync(host);
        var theirs = (await other.NewSessionAsync()).GetProperty("id").GetString()!;
        (await other.Server.GetAsync($"{Path}/{ids[0]}")).ShouldBeError(HttpStatusCode.NotFound, "unmatched_receipt_not_found");
        (await other.Server.PostAsync($"{Path}/{ids[0]}/refund")).ShouldBeError(HttpStatusCode.NotFound, "unmatched_receipt_not_found");
        (await other.Server.PostAsync($"{Path}/{ids[0]}/assign", new { payment_session = theirs }))
            .ShouldBeError(HttpStatusCode.NotFound, "unmatched_receipt_not_found");
        await RefusedAsync(new { payment_session = theirs }, HttpStatusCode.NotFound, "payment_session_not_found");
        var reader = await shop.WithAsync(new
        {
            kind = "restricted", name = "Reads", permissions = new[] { "books:read", "refunds:read", "payment_sessions:write" }, password = Api.Password,
        });
        (await reader.GetAsync($"{Path}/{ids[0]}")).ShouldBeOk();
        foreach (var (verb, body) in new[] { ("assign", (object)new { payment_session = session }), ("topup", new { }), ("refund", new { }) })
        {
            (await reader.PostAsync($"{Path}/{ids[0]}/{verb}", body)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        Text((await shop.Server.GetAsync($"{Path}/{ids[0]}")).ShouldBeOk().Body, "status").ShouldBe("unmatched", "none of these decided anything");
    }

    private static async Task PayAsync(PaidShop shop, Api payer, string amount, string? memo)
    {
        var account = (await shop.Server.GetAsync("/v1/merchant/account")).ShouldBeOk().Body;
        (await payer.PostAsync(
            "/v1/payments", new { recipient = Text(account, "address"), asset = "USDC", amount, memo, confirm = true }, Api.NewKey())).ShouldBeOk();
    }

    private static async Task<JsonElement[]> UntilAsync(PaidShop shop, int count)
    {
        var answer = await Eventually.UntilAsync(
            () => shop.Server.GetAsync(Path), each => each.ShouldBeOk().Body.GetProperty("data").GetArrayLength() == count);
        return [.. answer.Body.GetProperty("data").EnumerateArray()];
    }

    private static async Task<(string[] Ids, bool HasMore)> ListAsync(PaidShop shop, string query)
    {
        var page = (await shop.Server.GetAsync(Path + query)).ShouldBeOk().Body;
        return ([.. page.GetProperty("data").EnumerateArray().Select(one => Text(one, "id")!)], page.GetProperty("has_more").GetBoolean());
    }

    private static async Task<(long OnLedger, long All, long Unallocated)> SumAsync(PaidShop shop)
    {
        var balance = (await shop.BalanceAsync("USDC"))!.Value;
        return (
            Of("on_ledger"), new[] { "available", "pending", "held", "fees", "unallocated", "refunds" }.Sum(Of), Of("unallocated"));

        long Of(string name) => Amount.TryParseStroops(Text(balance, name)!, out var stroops) ? stroops : throw new FormatException(name);
    }

    // Newest first.
    private static async Task<string[]> TypesAsync(PaidShop shop, string receipt) =>
    [
        .. (await shop.Server.GetAsync("/v1/events?limit=100")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Where(told => told.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == receipt)
            .Select(told => told.GetProperty("type").GetString()!),
    ];

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static readonly IEqualityComparer<(string[] Ids, bool HasMore)> Same =
        EqualityComparer<(string[] Ids, bool HasMore)>.Create(
            (one, other) => one.HasMore == other.HasMore && one.Ids.SequenceEqual(other.Ids));
}
