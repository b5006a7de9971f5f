using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>Others bid more: the same transaction goes out with a higher fee, stored first, and is applied once.</summary>
public sealed class FeeBumpTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Theory]
    [InlineData(null)]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_payment_refused_for_its_fee_goes_out_with_a_higher_one_and_is_paid_once(Failing? how)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var before = world.Network.Submitted.Count;
        world.Network.Look(l => l.MinimumFee = 15_000);
        if (how is { } failing)
        {
            world.Storage.FailNextWrite(
                GrainState.Wallet, failing, json => json.Contains("payment.fee_bumped", StringComparison.Ordinal));
        }

        var payment = await payer.PayAsync(payee, "4");
        await world.UntilAfterSweepsAsync(
            async () => (await payer.PaymentAsync(payment.Id)).Status == PaymentStatus.Succeeded, "the payment has succeeded");
        await payer.UntilBalanceAsync(60_000_000);

        var ended = await payer.PaymentAsync(payment.Id);
        ended.TransactionHash.ShouldNotBe(payment.TransactionHash);
        world.Network.Look(l => l.Applied[ended.TransactionHash!].InnerHash)
            .ShouldBe((string?)world.EventsOf("payment.signed")[0]["data"]!["submission"]!["innerHash"]);
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        world.Network.Submitted.Skip(before).Distinct().Count().ShouldBe(2);
        var bumped = world.EventsOf("payment.fee_bumped").ShouldHaveSingleItem()["data"]!;
        ((string?)bumped["submission"]!["fee"], (string?)bumped["status"]).ShouldBe(("0.0020000", "processing"));
    }

    [Fact]
    public async Task A_payment_that_ledgers_pass_over_gets_a_higher_fee_and_either_bid_may_land()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        // The higher bid is sent again and again, and lands in no ledger.
        world.Network.Next([Answer.PendingThenApplied, .. Enumerable.Repeat(Answer.PendingForEver, 1_000)]);
        var payment = await payer.PayAsync(payee, "4");
        await payer.UntilSubmittedAsync(payment.Id);

        world.Network.AdvanceClock(TimeSpan.FromSeconds(20));
        await TestWorld.UntilAsync(() => world.EventsOf("payment.fee_bumped").Length == 1, "the fee is higher");
        world.Network.CloseLedger();

        var ended = await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        ended.TransactionHash.ShouldBe(payment.TransactionHash);
        await payer.UntilBalanceAsync(60_000_000);
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
    }

    [Fact]
    public async Task A_fee_above_what_the_platform_allows_is_not_bid_and_the_payment_fails_in_its_time()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.Look(l => l.MinimumFee = 1_000_000);

        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(l => l.Contains("no more may be bid", StringComparison.Ordinal)), "the last bid is made");
        world.Network.AdvanceClock(TimeSpan.FromMinutes(6));

        var failed = await payer.UntilAsync(payment.Id, PaymentStatus.Failed);
        failed.FailureCode.ShouldBe("tx_too_late");
        world.EventsOf("payment.fee_bumped").Length.ShouldBe(1);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }
}
