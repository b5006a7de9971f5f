using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>Paying with one asset what arrives as another, on the sandbox's real market.</summary>
[Collection<WholeHostCollection>]
public sealed class PathPaymentTests(WholeHost host)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task XLM_is_paid_and_USDC_arrives_with_either_amount_exact_and_back_again()
    {
        await using var market = await MarketMaker.OpenAsync(host.Sandbox);
        await market.PriceAsync(4, 1);
        var (payer, payee) = (await OpenAsync(), await OpenAsync());
        await FundAsync(payer);

        var quote = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "12.5", source_asset = "XLM" }))
            .ShouldBeOk().Body;
        Text(quote, "source_asset", "source_amount", "source_max", "amount", "amount_min", "rate", "source_paid")
            .ShouldBe("XLM 50.0000000 50.5000000 12.5000000 12.5000000 0.25 -");
        quote.GetProperty("path").GetArrayLength().ShouldBe(0);
        (await XlmAsync(payer)).ShouldBe("10000.0000000 50.5000000 9949.5000000");
        Text(await PaidAsync(payer, quote), "status", "source_paid", "amount_received").ShouldBe("succeeded 50.0000000 12.5000000");
        await UntilAsync(payee, "USDC", "12.5000000 0.0000000 12.5000000");
        (await XlmAsync(payer)).ShouldBe("9950.0000000 0.0000000 9950.0000000");

        quote = (await payer.PostAsync("/v1/payments", new
        {
            recipient = payee.Email, asset = "USDC", source_asset = "XLM", source_amount = "10", max_slippage_bps = 0,
        })).ShouldBeOk().Body;
        Text(quote, "source_amount", "source_max", "amount", "amount_min", "rate").ShouldBe("10.0000000 10.0000000 2.5000000 2.5000000 0.25");
        Text(await PaidAsync(payer, quote), "source_paid", "amount_received").ShouldBe("10.0000000 2.5000000");
        await UntilAsync(payee, "USDC", "15.0000000 0.0000000 15.0000000");
        (await XlmAsync(payer)).ShouldBe("9940.0000000 0.0000000 9940.0000000");

        quote = (await payee.PostAsync("/v1/payments", new { recipient = payer.Email, asset = "XLM", amount = "20", source_asset = "USDC" }))
            .ShouldBeOk().Body;
        Text(await PaidAsync(payee, quote), "source_asset", "source_paid", "amount_received", "rate").ShouldBe("USDC 5.0000000 20.0000000 4");
        await UntilAsync(payer, "XLM", "9960.0000000 0.0000000 9960.0000000");

        await HistoryShowsAsync(payer, "XLM 10.0000000 2.5000000", "XLM 50.0000000 12.5000000");
    }

    [Fact]
    public async Task A_payment_passes_through_the_assets_that_are_between()
    {
        await using var market = await MarketMaker.OpenAsync(host.Sandbox);
        await market.PriceAsync(4, 1);
        var (payer, payee) = (await OpenAsync(), await OpenAsync());
        await FundAsync(payer);
        var quote = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "5", source_asset = "XLM" }))
            .ShouldBeOk().Body;

        // The way of the quote is gone when it is confirmed, and another is as good.
        var euro = await market.PriceByEurosAsync();
        var paid = await PaidAsync(payer, quote);

        paid.GetProperty("path").EnumerateArray().Select(hop => hop.GetString()).ShouldBe([euro]);
        Text(paid, "status", "source_paid", "amount_received").ShouldBe("succeeded 20.0000000 5.0000000");
        await UntilAsync(payee, "USDC", "5.0000000 0.0000000 5.0000000");
    }

    [Fact]
    public async Task A_price_that_moved_is_refused_at_confirm_and_fails_on_the_ledger_after_it()
    {
        await using var market = await MarketMaker.OpenAsync(host.Sandbox);
        await market.PriceAsync(4, 1);
        var (payer, payee) = (await OpenAsync(), await OpenAsync());
        await FundAsync(payer);
        var request = new { recipient = payee.Email, asset = "USDC", amount = "10", source_asset = "XLM", max_slippage_bps = 500 };
        var quote = (await payer.PostAsync("/v1/payments", request)).ShouldBeOk().Body;
        var id = quote.GetProperty("id").GetString();

        await market.PriceAsync(43, 10);
        var refused = await payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey());
        refused.ShouldBeError(HttpStatusCode.Conflict, "slippage_exceeded");
        refused.Text.ShouldContain("10.0000000 USDC now costs 43.0000000 XLM, more than the 42.0000000 XLM");
        Text((await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body, "status").ShouldBe("pending");
        (await XlmAsync(payer)).ShouldBe("10000.0000000 42.0000000 9958.0000000");

        await market.PriceAsync(4, 1);
        await FailsOnTheLedgerAsync(market, payer, id!, () => market.PriceAsync(43, 10), "op_over_source_max");

        await market.PriceAsync(4, 1);
        var send = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", source_amount = "40", source_asset = "XLM" }))
            .ShouldBeOk().Body.GetProperty("id").GetString()!;
        await FailsOnTheLedgerAsync(market, payer, send, () => market.PriceAsync(43, 10), "op_under_dest_min");

        await market.PriceAsync(4, 1);
        id = (await payer.PostAsync("/v1/payments", request)).ShouldBeOk().Body.GetProperty("id").GetString()!;
        await FailsOnTheLedgerAsync(market, payer, id, market.WithdrawAsync, "op_too_few_offers");
        await UntilAsync(payee, "USDC", "0.0000000 0.0000000 0.0000000");

        await market.PriceAsync(41, 10);
        Text(await PaidAsync(payer, (await payer.PostAsync("/v1/payments", request)).ShouldBeOk().Body), "source_paid").ShouldBe("41.0000000");
        (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "5000", source_asset = "XLM" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "no_path", "source_asset");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private async Task<Api> OpenAsync()
    {
        var api = await host.SignUpAsync();
        await UntilAsync(async () => Text((await api.GetAsync("/v1/wallet")).ShouldBeOk().Body, "status") == "active", "the wallet is active");
        return api;
    }

    private static async Task FundAsync(Api api)
    {
        (await api.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await UntilAsync(api, "XLM", "10000.0000000 0.0000000 10000.0000000");
    }

    private static async Task<JsonElement> PaidAsync(Api payer, JsonElement quote)
    {
        var id = quote.GetProperty("id").GetString()!;
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        return await EndedAsync(payer, id);
    }

    // Settled too, if it succeeded.
    private static async Task<JsonElement> EndedAsync(Api payer, string id)
    {
        JsonElement payment = default;
        await UntilAsync(async () =>
        {
            payment = (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body;
            return Text(payment, "status") == "failed" || Text(payment, "source_paid") != "-";
        }, $"payment {id} has ended");
        return payment;
    }

    // What was agreed to is signed; when the ledger sees it, the market is another.
    private static async Task FailsOnTheLedgerAsync(MarketMaker market, Api payer, string id, Func<Task> then, string code)
    {
        await market.LoseSubmissionsAsync(true);
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        await then();
        await market.LoseSubmissionsAsync(false);

        Text(await EndedAsync(payer, id), "status", "failure_code", "source_paid", "amount_received").ShouldBe($"failed {code} - -");
        (await XlmAsync(payer)).ShouldBe("10000.0000000 0.0000000 10000.0000000");
    }

    private static async Task HistoryShowsAsync(Api payer, params string[] lines)
    {
        string[] shown = [];
        await UntilAsync(async () =>
        {
            shown =
            [
                .. (await payer.GetAsync("/v1/wallet/transactions")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
                    .Where(line => Text(line, "direction") == "out")
                    .Select(line => Text(line, "source_asset", "source_paid", "amount_received")),
            ];
            // The clock stands, so that which is newer the ids decide, which here is chance.
            return shown.Order(StringComparer.Ordinal).SequenceEqual(lines);
        }, () => $"the history shows both sides, but {string.Join("; ", shown)}");
    }

    private static Task<string> XlmAsync(Api api) => BalanceAsync(api, "XLM");

    private static async Task<string> BalanceAsync(Api api, string asset) =>
        (await api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("balances").EnumerateArray()
        .Where(balance => Text(balance, "asset") == asset)
        .Select(balance => Text(balance, "balance", "reserved", "spendable"))
        .Single();

    private static Task UntilAsync(Api api, string asset, string balance) => UntilAsync(
        async () => await BalanceAsync(api, asset) == balance, $"{asset} is {balance}");

    private static Task UntilAsync(Func<Task<bool>> isSo, string what) => UntilAsync(isSo, () => what);

    private static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        var since = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Deadline, what());
            await ticks.WaitForNextTickAsync(Cancelled);
        }
    }

    private static string Text(JsonElement json, params string[] names) =>
        string.Join(' ', names.Select(name => json.GetProperty(name).GetString() ?? "-"));
}
