using System.Text.Json.Nodes;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>Payments that send one asset and deliver another: four XLM are a dollar, unless the market moves.</summary>
public sealed class PathPaymentTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private const long Funded = 100_000_000_000;

    [Fact]
    public async Task A_quote_names_both_sides_their_bounds_and_the_rate_and_reserves_the_most_that_may_leave()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);

        var quote = (await QuoteAsync(payer, world.Network.NewOutsider(), "12.5", bps: 200)).Value!;

        quote.Amount.ToString().ShouldBe("12.5000000 USDC");
        var path = quote.Path!;
        (path.Source.ToString(), Amount.Format(path.SourceMaxStroops), Amount.Format(path.MinStroops)).ShouldBe(
            ("50.0000000 XLM", "51.0000000", "12.5000000"));
        path.Hops.ShouldBe([$"EURC:{world.Network.Issuer}"]);
        (path.SentStroops, path.ReceivedStroops).ShouldBe((null, null));
        (await XlmAsync(payer)).ShouldBe((Funded, 510_000_000, Funded - 510_000_000));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        var created = world.EventsOf("payment.created").Single()["data"]!;
        created["path"]!.ToJsonString().ShouldBe(new JsonObject
        {
            ["sourceAsset"] = "native", ["sourceAmount"] = "50.0000000", ["sourceMax"] = "51.0000000",
            ["amountMin"] = "12.5000000", ["rate"] = "0.25", ["path"] = new JsonArray($"EURC:{world.Network.Issuer}"),
            ["sent"] = null, ["received"] = null,
        }.ToJsonString());
    }

    [Fact]
    public async Task An_exact_amount_arrives_and_what_it_cost_leaves_by_the_ledgers_word()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = await world.NewUserAsync();
        var quote = (await QuoteAsync(payer, await payee.AddressAsync(), "12.5")).Value!;

        // A tenth of a percent dearer by the time the ledger decides, with an envelope that was signed before.
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.ConfirmedAsync(quote.Id);
        await payer.UntilSubmittedAsync(quote.Id);
        Price(world, 4_004, 1_000);
        world.Network.CloseLedger();

        await payee.UntilBalanceAsync(125_000_000);
        var ended = await SettledAsync(payer, quote.Id);
        (ended.Status, ended.Path!.SentStroops, ended.Path.ReceivedStroops).ShouldBe(
            (PaymentStatus.Succeeded, 500_500_000, 125_000_000));
        (await XlmAsync(payer)).ShouldBe((Funded - 500_500_000, 0, Funded - 500_500_000));
        var settled = world.EventsOf("payment.settled").Single()["data"]!;
        ((string?)settled["status"], (string?)settled["path"]!["sent"], (string?)settled["path"]!["received"]).ShouldBe(
            ("succeeded", "50.0500000", "12.5000000"));
        var operation = Operation<PathPaymentStrictReceiveOperation>(world);
        (operation.SendMax, operation.DestAmount).ShouldBe((505_000_000, 125_000_000));
        operation.Path.Select(asset => asset.ToString()).ShouldBe([$"EURC:{world.Network.Issuer}"]);
    }

    [Fact]
    public async Task An_exact_amount_leaves_and_what_it_bought_arrives_by_the_ledgers_word()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = await world.NewUserAsync();

        var quote = (await QuoteAsync(payer, await payee.AddressAsync(), "", source: "50", bps: 300)).Value!;
        (quote.Amount.ToString(), Amount.Format(quote.Path!.MinStroops)).ShouldBe(("12.5000000 USDC", "12.1250000"));
        Price(world, 4_100, 1_000);
        await payer.ConfirmedAsync(quote.Id);

        await payee.UntilBalanceAsync(121_951_219);
        var ended = await SettledAsync(payer, quote.Id);
        (ended.Path!.SentStroops, ended.Path.ReceivedStroops, ended.Amount.Stroops).ShouldBe((500_000_000, 121_951_219, 125_000_000));
        (await XlmAsync(payer)).ShouldBe((Funded - 500_000_000, 0, Funded - 500_000_000));
        Operation<PathPaymentStrictSendOperation>(world).DestMin.ShouldBe(121_250_000);
    }

    [Fact]
    public async Task A_price_that_left_the_bounds_before_confirming_is_refused_and_one_that_came_back_is_not()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var quote = (await QuoteAsync(payer, world.Network.NewOutsider(), "10")).Value!;

        Price(world, 4_041, 1_000);
        var refused = (await payer.ConfirmAsync(quote.Id, "key-1")).Error!;
        (refused.Kind, refused.Code).ShouldBe((ErrorKind.Conflict, "slippage_exceeded"));
        refused.Message.ShouldContain("10.0000000 USDC now costs 40.4100000 XLM, more than the 40.4000000 XLM");
        world.Network.Ledger.Market.Clear();
        (await payer.ConfirmAsync(quote.Id, "key-1")).Error!.Code.ShouldBe("no_path");
        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Pending);
        (await XlmAsync(payer)).Reserved.ShouldBe(404_000_000);

        Price(world, 4_040, 1_000, []);
        (await payer.ConfirmAsync(quote.Id, "key-1")).Error.ShouldBeNull();
        (await SettledAsync(payer, quote.Id)).Path!.SentStroops.ShouldBe(404_000_000);
        Operation<PathPaymentStrictReceiveOperation>(world).Path.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_market_that_does_not_answer_changes_nothing()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();
        var quote = (await QuoteAsync(payer, payee, "10")).Value!;
        var revision = (await payer.ViewAsync()).Revision;
        world.Network.Ledger.Market.Down = true;

        (await payer.ConfirmAsync(quote.Id, "key-1")).Error!.Code.ShouldBe("network_unavailable");
        (await QuoteAsync(payer, payee, "10")).Error!.Kind.ShouldBe(ErrorKind.Unavailable);

        (await payer.ViewAsync()).Revision.ShouldBe(revision);
        world.Network.Ledger.Market.Down = false;
        (await payer.ConfirmAsync(quote.Id, "key-1")).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData("10", null, "op_over_source_max")]
    [InlineData("", "40", "op_under_dest_min")]
    public async Task A_price_that_moves_after_confirming_fails_on_the_ledger_and_moves_nothing(
        string amount, string? source, string code)
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();
        var quote = (await QuoteAsync(payer, payee, amount, source)).Value!;

        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.ConfirmedAsync(quote.Id);
        await payer.UntilSubmittedAsync(quote.Id);
        Price(world, 5, 1);
        world.Network.CloseLedger();

        var failed = await payer.UntilAsync(quote.Id, PaymentStatus.Failed);
        (failed.FailureCode, failed.Path!.SentStroops).ShouldBe((code, null));
        (await XlmAsync(payer)).ShouldBe((Funded, 0, Funded));
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(0);
        (await LimitsAsync(payer)).Daily.Used.ShouldBe(0);
    }

    [Fact]
    public async Task In_a_batch_the_one_whose_price_moved_fails_alone()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        var first = (await payer.QuoteAsync(address, "1", asset: "XLM")).Value!;
        var tight = (await QuoteAsync(payer, address, "10", bps: 0)).Value!;
        var wide = (await QuoteAsync(payer, address, "20", bps: 1000)).Value!;

        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        foreach (var payment in new[] { first, tight, wide })
        {
            await payer.ConfirmedAsync(payment.Id);
        }

        await payer.UntilSubmittedAsync(first.Id);
        Price(world, 41, 10);
        world.Network.CloseLedger();

        await payee.UntilBalanceAsync(200_000_000);
        (await payer.UntilAsync(tight.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_over_source_max");
        (await SettledAsync(payer, wide.Id)).Path!.SentStroops.ShouldBe(820_000_000);
        (await XlmAsync(payer)).ShouldBe((Funded - 830_000_000, 0, Funded - 830_000_000));
    }

    [Fact]
    public async Task Limits_and_balance_are_those_of_what_leaves_and_what_did_not_leave_is_given_back()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();

        (await QuoteAsync(payer, payee, "2500")).Error!.Code.ShouldBe("payment_limit_exceeded");
        (await QuoteAsync(payer, payee, "", source: "10000.0000001")).Error!.Code.ShouldBe("payment_limit_exceeded");
        world.Rates.Set("XLM", 0.001m);
        (await QuoteAsync(payer, payee, "2500")).Error!.Code.ShouldBe("insufficient_funds");
        world.Rates.Set("XLM", 0.1m);
        (await payer.Wallet.QuoteAsync(payer.Id, new QuoteRequest(
            payee, "bob", "XLM", "1", SourceAsset: "USDC"), Cancelled)).Error!.Code.ShouldBe("no_path");

        var quote = (await QuoteAsync(payer, payee, "100", bps: 1000)).Value!;
        (await LimitsAsync(payer)).Daily.Used.ShouldBe(44 * Amount.StroopsPerUnit);
        await payer.ConfirmedAsync(quote.Id);
        await SettledAsync(payer, quote.Id);
        var limits = await LimitsAsync(payer);
        (limits.Daily.Used, limits.Monthly.Used).ShouldBe((40 * Amount.StroopsPerUnit, 40 * Amount.StroopsPerUnit));
    }

    [Fact]
    public async Task Who_does_not_trust_what_would_arrive_is_refused()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);

        (await QuoteAsync(payer, world.Network.NewOutsider(a => a.Trustlines.Clear()), "1"))
            .Error!.Code.ShouldBe("destination_no_trustline");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_trace_says_once_that_it_is_settled(bool looksFirst)
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var quote = (await QuoteAsync(payer, world.Network.NewOutsider(), "10")).Value!;
        world.Network.HoldFeed(looksFirst);
        await payer.ConfirmedAsync(quote.Id);
        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        world.Network.HoldFeed(false);
        await SettledAsync(payer, quote.Id);

        var trace = (await payer.Wallet.GetTraceAsync(payer.Id, quote.Id)).Value!;

        trace.Steps.Select(step => step.Step).Where(step => step is "on_ledger" or "settled").ShouldBe(["on_ledger", "settled"]);
    }

    [Fact]
    public async Task A_muxed_address_is_paid_by_a_path_too()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = new MuxedAccount(AccountId.Parse(world.Network.NewOutsider()), 77).ToString();

        var quote = (await QuoteAsync(payer, payee, "", source: "4")).Value!;
        await payer.ConfirmedAsync(quote.Id);

        (await SettledAsync(payer, quote.Id)).Path!.ReceivedStroops.ShouldBe(10_000_000);
        Operation<PathPaymentStrictSendOperation>(world).Destination.ToString().ShouldBe(payee);
    }

    [Fact]
    public async Task A_key_stands_for_the_payers_side_too()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = world.Network.NewOutsider();
        var quote = (await QuoteAsync(payer, payee, "1", key: "key-1")).Value!;

        (await QuoteAsync(payer, payee, "1", key: "key-1")).Value!.Id.ShouldBe(quote.Id);
        (await QuoteAsync(payer, payee, "1", bps: 101, key: "key-1")).Error!.Code.ShouldBe("idempotency_key_reused");
        (await QuoteAsync(payer, payee, "", source: "1", key: "key-1")).Error!.Code.ShouldBe("idempotency_key_reused");
        (await payer.QuoteAsync(payee, "1", "key-1")).Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_quote_reserved_comes_back_when_it_is_cancelled_or_expires(bool cancelled)
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var quote = (await QuoteAsync(payer, world.Network.NewOutsider(), "10")).Value!;
        if (cancelled)
        {
            (await payer.CancelAsync(quote.Id)).IsSuccess.ShouldBeTrue();
        }
        else
        {
            world.Business.Advance(TimeSpan.FromMinutes(10));
            await world.SweepAsync();
        }

        (await XlmAsync(payer)).ShouldBe((Funded, 0, Funded));
        (await LimitsAsync(payer)).Daily.Used.ShouldBe(0);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, "payment.signed")]
    [InlineData(Failing.AfterTheWriteTookEffect, "payment.signed")]
    [InlineData(Failing.BeforeTheWrite, "payment.settled")]
    [InlineData(Failing.AfterTheWriteTookEffect, "payment.settled")]
    public async Task A_path_payment_whose_write_failed_is_paid_once_and_counted_by_what_left(Failing how, string when)
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        var payee = await world.NewUserAsync();
        var quote = (await QuoteAsync(payer, await payee.AddressAsync(), "100", bps: 1000)).Value!;
        world.Storage.FailNextWrite(GrainState.Wallet, how, json => json.Contains(when, StringComparison.Ordinal));

        if (when == "payment.signed")
        {
            await Should.ThrowAsync<Exception>(payer.ConfirmAsync(quote.Id));
        }

        await payer.ConfirmedAsync(quote.Id);

        await payee.UntilBalanceAsync(1_000_000_000);
        await SettledAsync(payer, quote.Id);
        (await XlmAsync(payer)).ShouldBe((Funded - 4_000_000_000, 0, Funded - 4_000_000_000));
        (await LimitsAsync(payer)).Daily.Used.ShouldBe(40 * Amount.StroopsPerUnit);
        world.EventsOf("payment.settled").Length.ShouldBe(1);
        var address = await payer.AddressAsync();
        world.Network.Look(l => l.Operations.Count(o => o is { Successful: true, Type: "path_payment_strict_receive" } && o.From == address))
            .ShouldBe(1);
    }

    [Fact]
    public async Task The_payers_side_is_stored_under_these_names()
    {
        var world = await shared.ForTestAsync();
        var payer = await FundedAsync(world);
        await QuoteAsync(payer, world.Network.NewOutsider(), "12.5");
        await payer.QuoteAsync(world.Network.NewOutsider(), "1", asset: "XLM");

        var payments = world.Storage.StoredPayments(payer.Key).OrderBy(payment => payment.ContainsKey("path") ? 0 : 1).ToArray();

        ((string?)payments[0]["method"]).ShouldBe("PathStrictReceive");
        payments[0]["path"]!.ToJsonString().ShouldBe(new JsonObject
        {
            ["sourceAsset"] = "native", ["sourceStroops"] = 500_000_000, ["sourceMaxStroops"] = 505_000_000,
            ["minStroops"] = 125_000_000, ["hops"] = new JsonArray($"EURC:{world.Network.Issuer}"),
        }.ToJsonString());
        payments[1].Select(property => property.Key).ShouldNotContain(name => name == "method" || name == "path");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<TestUser> FundedAsync(TestWorld world)
    {
        Price(world, 4, 1);
        var user = await world.NewUserAsync();
        (await user.FundAsync()).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(async () => (await XlmAsync(user)).Balance == Funded, "the wallet has its XLM");
        return user;
    }

    private static void Price(TestWorld world, long xlm, long usdc, string[]? hops = null) =>
        world.Network.Ledger.Market.Set("native", xlm, world.Network.Usdc, usdc, hops ?? [$"EURC:{world.Network.Issuer}"]);

    private static Task<Result<PaymentView>> QuoteAsync(
        TestUser payer, string payee, string amount, string? source = null, int? bps = null, string? key = null) =>
        payer.Wallet.QuoteAsync(
            payer.Id, new QuoteRequest(payee, "bob@example.com", "USDC", amount, null, key, false, "XLM", source, bps), Cancelled);

    private static async Task<(long Balance, long Reserved, long Spendable)> XlmAsync(TestUser user)
    {
        var xlm = (await user.ViewAsync()).Balances.Single(b => b.Asset.IsNative);
        return (xlm.Balance, xlm.Reserved, xlm.Spendable);
    }

    private static async Task<WalletLimits> LimitsAsync(TestUser user) => (await user.Wallet.GetLimitsAsync(user.Id)).Value!;

    private static async Task<PaymentView> SettledAsync(TestUser payer, Identifiers.PaymentId payment)
    {
        await TestWorld.UntilAsync(
            async () => (await payer.PaymentAsync(payment)).Path!.SentStroops is not null, $"payment {payment} is settled");
        return await payer.PaymentAsync(payment);
    }

    private static T Operation<T>(TestWorld world)
        where T : OperationBody => world.Network.Submitted
        .Distinct()
        .Select(TransactionEnvelope.FromXdrBase64)
        .OfType<FeeBumpTransactionEnvelope>()
        .SelectMany(envelope => envelope.Transaction.Inner.Transaction.Operations)
        .Select(operation => operation.Body)
        .OfType<T>()
        .Single();
}
