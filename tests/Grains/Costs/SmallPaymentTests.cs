using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>What is paid is worth something, and never costs the platform more than it is worth.</summary>
public sealed class SmallPaymentTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task A_payment_below_a_cent_is_refused_by_name_of_its_field_and_with_what_would_do()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Rates.Set("USDC", 0.8m);
        world.Network.ForgetWhatWasAsked();

        var refusal = (await payer.QuoteAsync(payee, "0.0124998")).Error!;

        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "amount_too_small", "amount"));
        refusal.Message.ShouldBe("A payment must be worth at least 0.01 USD; that is 0.0125000 USDC.");
        world.Network.AccountsAsked.ShouldBeEmpty("what the wallet alone shows to be in vain costs the network no question");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        (await payer.QuoteAsync(payee, "0.0125")).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("0.0000001", "USDC")]
    [InlineData("0.099999", "XLM")]
    public async Task One_stroop_is_no_payment_confirmed_at_once_or_set_aside_or_in_another_asset_either(string amount, string asset)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        await payer.FundAsync();
        await TestWorld.UntilAsync(async () => (await payer.ViewAsync()).Balances[0].Balance > 0, "friendbot's XLM has come");
        var payee = world.Network.NewOutsider();
        var before = world.Network.Submitted.Count;

        foreach (var request in new[]
        {
            new QuoteRequest(payee, payee, asset, amount, ConfirmsAtOnce: true, IdempotencyKey: "dust"),
            new QuoteRequest(FakeNetwork.NewAddress(), "nobody", asset, amount, Claimable: true),
        })
        {
            (await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken)).Error!.Code
                .ShouldBe("amount_too_small");
        }

        world.Network.Submitted.Count.ShouldBe(before);
        world.EventsOf("payment.created").ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_network_is_full_the_least_is_what_an_operation_costs()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        // A stroop of XLM is a hundred thousandth of a dollar: what is bid at first, 2,000 of them, is two cents.
        world.Rates.Set("XLM", 100m);

        (await payer.QuoteAsync(payee, "0.0199999")).Error!.Message.ShouldBe(
            "A payment must be worth at least 0.02 USD, which is what it costs the platform now; that is 0.0200000 USDC.");
        (await payer.QuoteAsync(payee, "0.02")).Error.ShouldBeNull();
        // Around a claimable balance are two operations more.
        (await payer.SetAsideAsync(FakeNetwork.NewAddress(), "0.0399999")).Error!.Code.ShouldBe("amount_too_small");
        (await payer.SetAsideAsync(FakeNetwork.NewAddress(), "0.04")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_surge_makes_small_payments_wait_and_fail_in_their_time_and_costs_no_more_than_they_are_worth()
    {
        // What the network was heard to ask for, its silo remembers.
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Rates.Set("XLM", 40m);
        world.Network.Look(l => l.MinimumFee = 10_000);

        // Worth 2,500 stroops of XLM: the first bid is 2,000, and the usual next one would be 20,000.
        var small = await payer.PayAsync(payee, "0.01");
        await TestWorld.UntilAsync(
            async () => (await payer.Wallet.GetTraceAsync(payer.Id, small.Id)).Value!.Summary.StartsWith(
                "Your payment is signed. The network is full, and asks for a higher fee than the payment allows;", StringComparison.Ordinal),
            "the payment says what it waits for");
        var bids = world.EventsOf("payment.fee_bumped").Select(e => (string?)e["data"]!["submission"]!["fee"]).ToArray();
        bids.ShouldAllBe(fee => fee == "0.0002500");

        world.Network.AdvanceClock(TimeSpan.FromMinutes(6));
        var failed = await payer.UntilAsync(small.Id, PaymentStatus.Failed);
        failed.FailureCode.ShouldBe("tx_too_late");
        (await payer.UsdcAsync()).ShouldSatisfyAllConditions(
            usdc => usdc.Reserved.ShouldBe(0), usdc => usdc.Balance.ShouldBe(100_000_000));

        // This silo has heard what the network asks for: who comes now is told at once, and who pays more is paid.
        (await payer.QuoteAsync(payee, "0.0399999")).Error!.Code.ShouldBe("amount_too_small");
        var worthIt = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(worthIt.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task Where_nobody_knows_what_an_XLM_is_worth_payments_go_out_at_the_first_bid_and_no_higher()
    {
        // What the network was heard to ask for, its silo remembers.
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Rates.Forget("XLM");

        var usual = await payer.PayAsync(payee, "0.01");
        await payer.UntilAsync(usual.Id, PaymentStatus.Succeeded);
        world.Network.Look(l => l.MinimumFee = 2_001);
        var waiting = await payer.PayAsync(payee, "1");
        await TestWorld.UntilAsync(
            async () => (await payer.Wallet.GetTraceAsync(payer.Id, waiting.Id)).Value!.Summary.Contains("is full", StringComparison.Ordinal),
            "the payment says what it waits for");

        world.EventsOf("payment.fee_bumped").ShouldBeEmpty();
        world.Network.Look(l => l.MinimumFee = 0);
        await payer.UntilAsync(waiting.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task What_a_stranger_sets_aside_in_a_surge_holds_the_users_payments_for_half_a_minute_at_most()
    {
        // What the network was heard to ask for, its silo remembers.
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var address = await payer.AddressAsync();
        world.Network.Look(l => l.MinimumFee = 10_000);
        var before = world.Network.Look(_ => world.Network.Submitted.Count);
        world.Network.SetAside(1_000_000, ClaimableUsers.Anytime(address));
        await TestWorld.UntilAsync(() => world.Network.Look(_ => world.Network.Submitted.Count) > before, "the claim is out, and outbid");
        var paid = await payer.PayAsync(world.Network.NewOutsider(), "1");
        paid.Status.ShouldBe(PaymentStatus.Queued);

        world.Network.AdvanceClock(TimeSpan.FromSeconds(40));

        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
    }
}
