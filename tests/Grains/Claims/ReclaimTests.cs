using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Claims;

public sealed class ReclaimTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task What_nobody_claimed_comes_back_once_after_its_date()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 2);
        var early = (await payer.ReclaimAsync(paid)).Error!;
        early.Code.ShouldBe("not_reclaimable_yet");
        early.Message.ShouldBe($"The payment can be taken back from {paid.Claimable!.ReclaimableAfter:yyyy-MM-dd HH:mm:ss} UTC on.");

        world.Pass(TimeSpan.FromDays(2));
        await payer.ReclaimedAsync(paid);

        (await payer.UntilAsync(paid, ClaimStatus.Reclaimed)).Status.ShouldBe(PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(100_000_000);
        (await payer.ReclaimAsync(paid)).Error!.Code.ShouldBe("already_reclaimed");
        world.Network.Look(l => l.Claimables.ContainsKey(paid.Claimable.BalanceId!)).ShouldBeFalse();
        world.EventsOf("payment.reclaiming").Length.ShouldBe(1);
        (await payer.Wallet.GetTraceAsync(payer.Id, paid.Id)).Value!.Steps.Select(s => s.Step).TakeLast(2)
            .ShouldBe(["reclaiming", "reclaimed"]);
        ((string?)world.EventsOf("payment.reclaimed").Single()["data"]!["claim"]!["status"]).ShouldBe("reclaimed");
        world.EventsOf("wallet.credited").Count(e => (string)e["data"]!["amount"]! == "4.0000000").ShouldBe(1);
    }

    [Fact]
    public async Task The_owner_is_told_once_when_it_can_be_taken_back()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 2);

        // The wallet's clock is ahead of the network's: it looks, and looks again.
        world.Business.Advance(TimeSpan.FromDays(2));
        await world.SweepAsync();
        world.Network.AdvanceClock(TimeSpan.FromDays(2));
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromHours(12));
            await world.SweepAsync();
            return world.EventsOf("payment.reclaimable").Length > 0;
        }, "the owner is told");
        world.Business.Advance(TimeSpan.FromDays(8));
        await world.SweepAsync();

        await payer.ReclaimedAsync(paid);
        await payer.UntilAsync(paid, ClaimStatus.Reclaimed);
        world.EventsOf("payment.reclaimable").Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_recipient_claimed_unseen_is_found_to_be_gone()
    {
        // Of its own: a payment that is signed within a second of an hour's leap of the network's clock is too late at once.
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var (one, two) = (await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 2),
            await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "1", days: 2));
        world.Network.HoldFeed(true);
        world.Network.Look(l => l.Claimables.Remove(one.Claimable!.BalanceId!) && l.Claimables.Remove(two.Claimable!.BalanceId!));

        world.Pass(TimeSpan.FromDays(2));
        await payer.ReclaimedAsync(one);
        await payer.UntilAsync(one, ClaimStatus.Claimed);
        (await payer.ReclaimAsync(one)).Error!.Code.ShouldBe("already_claimed");
        await TestWorld.UntilAsync(async () =>
        {
            world.Pass(TimeSpan.FromHours(1));
            await world.SweepAsync();
            return (await payer.PaymentAsync(two.Id)).Claimable!.Status == ClaimStatus.Claimed;
        }, "the other is found to be claimed");

        world.EventsOf("payment.claimed").Length.ShouldBe(2);
    }

    // The bug kept away: one 404 of a replica that is behind ended the payment as claimed, and its money was out of reach.
    [Fact]
    public async Task A_balance_that_a_replica_does_not_show_is_not_taken_for_claimed_and_can_be_had_back()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 2);
        var id = paid.Claimable!.BalanceId!;
        world.Network.ClaimablesAsked = 0;
        world.Network.ClaimablesAreStale = true;
        world.Pass(TimeSpan.FromDays(2));
        await TestWorld.UntilAsync(async () =>
        {
            world.Pass(TimeSpan.FromMinutes(1));
            await world.SweepAsync();
            return world.Network.ClaimablesAsked > 3;
        }, "it was looked for again and again");

        (await payer.PaymentAsync(paid.Id)).Claimable!.Status.ShouldBe(ClaimStatus.Open);
        await payer.ReclaimedAsync(paid);
        await payer.UntilAsync(paid, ClaimStatus.Reclaimed);
        await payer.UntilBalanceAsync(100_000_000);
        world.Network.Look(l => l.Claimables.ContainsKey(id)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_claim_that_comes_before_the_owners_wins_and_nothing_is_credited()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var nobody = FakeNetwork.NewAddress();
        var paid = await payer.SetAsideAndWaitAsync(nobody, "4", days: 2);
        world.Network.Look(l => l.Accounts[nobody] = new FakeAccount { Trustlines = { [world.Network.Usdc] = new FakeTrustline() } });
        world.Pass(TimeSpan.FromDays(2));
        world.Network.HoldFeed(true);
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.ReclaimedAsync(paid);
        await payer.UntilAsync(paid, ClaimStatus.Reclaiming);

        world.Network.ClaimByOther(paid.Claimable!.BalanceId!, nobody);
        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        await payer.UntilAsync(paid, ClaimStatus.Claimed);
        world.Network.HoldFeed(false);
        (await payer.ReclaimAsync(paid)).Error!.Code.ShouldBe("already_claimed");
        (await payer.UsdcAsync()).Balance.ShouldBe(60_000_000);
        // The wallet goes on: its next payment finds the right sequence number.
        var next = await payer.PayAsync(world.Network.NewOutsider(), "1");
        await payer.UntilAsync(next.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task Only_the_owner_can_take_back()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var other = await world.NewUserAsync();
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4");

        (await (payer with { Id = other.Id }).ReclaimAsync(paid)).Error!.Code.ShouldBe("wallet_not_found");
        (await other.ReclaimAsync(paid)).Error!.Code.ShouldBe("payment_not_found");
    }

    [Fact]
    public async Task A_payment_whose_balance_waits_is_not_forgotten()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 2);
        for (var i = 0; i < 25; i++)
        {
            await payer.CancelAsync((await payer.QuotedAsync(world.Network.NewOutsider(), "1")).Id);
        }

        world.Pass(TimeSpan.FromDays(2));
        await payer.ReclaimedAsync(paid);
        await payer.UntilBalanceAsync(100_000_000);
    }
}
