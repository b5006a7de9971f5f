using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>What a shop is told of a transaction that its customer shows.</summary>
[Collection<SessionHostCollection>]
public sealed class VerifyTests(SessionHost host)
{
    [Fact]
    public async Task What_came_to_the_shop_and_is_not_the_sessions_is_said_to_be_where_it_is()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (asked, paid) = (await SessionAsync(shop), await SessionAsync(shop));
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "100");
        var noMemo = await SendAsync(payer, ToOf(asked, "address"), Memo.None);
        var unknown = await SendAsync(payer, ToOf(asked, "address"), new MemoText("order 77"));
        var differs = await SendAsync(payer, ToOf(asked, "muxed_address"), new MemoText(IdOf(paid)));
        var elsewhere = await payer.PayAsync(paid.GetProperty("pay_to"), "3");
        await shop.UntilAsync(IdOf(paid), "paid");

        foreach (var (hash, reason) in new[] { (noMemo, "no_memo"), (unknown, "memo_unknown"), (differs, "names_differ") })
        {
            var said = await UntilAsync(shop, asked, hash, reason);
            var receipt = (await shop.Server.GetAsync($"/v1/unmatched_receipts/{Text(said, "unmatched_receipt")}")).ShouldBeOk().Body;
            (Text(receipt, "tx_hash"), Text(receipt, "reason"), said.GetProperty("counted").GetBoolean(), Text(said, "other_payment_session"))
                .ShouldBe((hash, reason, false, null));
            said.GetProperty("payments").GetArrayLength().ShouldBe(0);
            Text(said, "message")!.ShouldContain("unmatched receipts");
        }

        var other = await UntilAsync(shop, asked, elsewhere, "other_session");
        (Text(other, "other_payment_session"), Text(other, "unmatched_receipt"), other.GetProperty("counted").GetBoolean())
            .ShouldBe((IdOf(paid), null, false));
        Text(other, "message")!.ShouldContain("counts towards the price");
        // As whoever writes it in capitals; and of its own it says what it said.
        Text(await VerifyAsync(shop, asked, elsewhere.ToUpperInvariant()), "reason").ShouldBe("other_session");
        (await VerifyAsync(shop, paid, elsewhere)).GetProperty("counted").GetBoolean().ShouldBeTrue();

        var id = Text(await VerifyAsync(shop, asked, noMemo), "unmatched_receipt");
        (await shop.Server.PostAsync($"/v1/unmatched_receipts/{id}/assign", new { payment_session = IdOf(asked) })).ShouldBeOk();
        await shop.UntilAsync(IdOf(asked), "paid");
        (await VerifyAsync(shop, asked, noMemo)).GetProperty("counted").GetBoolean().ShouldBeTrue();
        var assigned = await VerifyAsync(shop, paid, noMemo);
        (Text(assigned, "reason"), Text(assigned, "other_payment_session")).ShouldBe(("other_session", IdOf(asked)));
    }

    [Fact]
    public async Task What_paid_another_shop_is_not_seen_by_whatever_name_it_went()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var (own, theirs) = (await SessionAsync(shop), await SessionAsync(other));
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "100");
        var paid = await payer.PayAsync(theirs.GetProperty("pay_to"), "3");
        var noMemo = await SendAsync(payer, ToOf(theirs, "address"), Memo.None);
        // The name of one shop's session at another's address names nobody there.
        var wrongShop = await SendAsync(payer, ToOf(theirs, "address"), new MemoText(IdOf(own)));
        await other.UntilAsync(IdOf(theirs), "paid");
        await UntilAsync(other, theirs, noMemo, "no_memo");
        await UntilAsync(other, theirs, wrongShop, "memo_unknown");

        foreach (var hash in new[] { paid, noMemo, wrongShop })
        {
            var said = await VerifyAsync(shop, own, hash);
            (Text(said, "reason"), Text(said, "unmatched_receipt"), Text(said, "other_payment_session")).ShouldBe(("not_seen", null, null));
            said.ToString().ShouldNotContain(IdOf(theirs));
        }
    }

    [Fact]
    public async Task Late_for_another_session_is_said_to_count_nowhere()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (asked, ended) = (await SessionAsync(shop), await SessionAsync(shop));
        (await shop.Server.PostAsync($"/v1/payment_sessions/{IdOf(ended)}/cancel")).ShouldBeOk();
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "100");
        var late = await payer.PayAsync(ended.GetProperty("pay_to"), "3");
        await UntilAsync(shop, ended, late, "late");

        var said = await VerifyAsync(shop, asked, late);

        (Text(said, "reason"), Text(said, "other_payment_session")).ShouldBe(("other_session", IdOf(ended)));
        Text(said, "message")!.ShouldContain("does not count");
    }

    [Fact]
    public async Task While_a_wallet_here_has_signed_the_shop_its_page_and_its_cancelling_know_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(
            shop, new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC" }, cancel_url = "https://shop.test/no" });
        await checkout.UntilAsync("waiting");
        var issuer = Text((await shop.SessionAsync(checkout.Id)).GetProperty("assets")[0], "issuer");
        var content = new
        {
            signedHash = new string('a', 64), until = host.Clock.GetUtcNow().AddHours(1),
            amounts = new Dictionary<string, long> { [$"USDC:{issuer}"] = 30_000_000 },
        };
        await TellAsync(checkout.Id, 1, content);

        // It takes in what was told to it before it decides.
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel"))
            .ShouldBeError(System.Net.HttpStatusCode.Conflict, "payment_session_processing");
        var session = await shop.SessionAsync(checkout.Id);
        (session.GetProperty("processing").GetBoolean(), Text(session, "status")).ShouldBe((true, "created"));
        Text(await VerifyAsync(shop, session, new string('b', 64)), "reason").ShouldBe("processing");
        await checkout.UntilAsync("processing");
        var page = await checkout.TextAsync();
        page.ShouldContain("A payment is on its way");
        page.ShouldNotContain("https://shop.test/no");
        // Whoever signs what comes to nothing takes away from nobody how to pay.
        page.ShouldContain("web+stellar:");
        page.ShouldContain(Text(session.GetProperty("pay_to"), "address")!);
        var data = await checkout.DataAsync();
        (Text(data, "cancel_url"), data.GetProperty("assets").GetArrayLength()).ShouldBe((null, 1));

        // Who has no secret is not told.
        (await checkout.AskAsync($"/checkout/{checkout.Id}")).ShouldBeOk().Text.ShouldNotContain("on its way");
        await TellAsync(checkout.Id, 2, new { endedHash = new string('a', 64) });
        await checkout.UntilAsync("waiting");
        (await shop.SessionAsync(checkout.Id)).GetProperty("processing").GetBoolean().ShouldBeFalse();
        await Eventually.UntilAsync(
            async () => (await TypesAsync(shop, checkout.Id)).SequenceEqual(
                ["payment_session.payment_failed", "payment_session.processing", "payment_session.created"]),
            "the shop is told of both");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
    }

    [Fact]
    public async Task What_a_ledger_has_for_this_session_is_not_said_to_be_unseen()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await SessionAsync(shop);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "100");

        // Of dust it keeps nothing.
        var dust = await payer.PayAsync(session.GetProperty("pay_to"), "0.00005");

        var said = await UntilAsync(shop, session, dust, "processing");
        Text(said, "message")!.ShouldContain("It came for this session");
    }

    private static async Task<string[]> TypesAsync(PaidShop shop, string session) =>
    [
        .. (await shop.Server.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Where(each => Text(each.GetProperty("data").GetProperty("object"), "id") == session).Select(each => Text(each, "type")!),
    ];

    // As the write of a wallet does it; the sweep has the session look.
    private async Task TellAsync(string session, int version, object content)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT owner_rows_send(
                s.service_id, 'wallet', 'wal_of_nobody', $2,
                jsonb_build_array(jsonb_build_object('kind', 'payment_session', 'key', $1, 'content', $3::jsonb)))
            FROM grain_state s WHERE s.state_name = 'payment_session' AND s.grain_key = $1
            """);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(content));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> SessionAsync(PaidShop shop) =>
        await shop.NewSessionAsync(new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC" } });

    private static async Task<string> SendAsync(OutsidersWallet payer, string to, Memo memo) => await payer.SubmitAsync(
        memo, new PaymentOperation(MuxedAccount.Parse(to), await payer.FindUsdcAsync(), StellarAmount.Parse("3")));

    private static async Task<JsonElement> VerifyAsync(PaidShop shop, JsonElement session, string hash) =>
        (await shop.Server.PostAsync($"/v1/payment_sessions/{IdOf(session)}/verify", new { tx_hash = hash })).ShouldBeOk().Body;

    private static async Task<JsonElement> UntilAsync(PaidShop shop, JsonElement session, string hash, string reason) =>
        (await Eventually.UntilAsync(
            () => shop.Server.PostAsync($"/v1/payment_sessions/{IdOf(session)}/verify", new { tx_hash = hash }),
            answer => Text(answer.Body, "reason") == reason)).Body;

    private static string IdOf(JsonElement session) => Text(session, "id")!;

    private static string ToOf(JsonElement session, string name) => Text(session.GetProperty("pay_to"), name)!;

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();
}
