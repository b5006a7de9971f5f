using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Claims;

public sealed class ClaimableTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private const string Hint = " It can be sent as a claimable balance: ask again with \"claimable\": true.";

    [Fact]
    public async Task A_recipient_who_cannot_receive_yet_is_refused_with_a_hint_that_it_can_be_set_aside()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        (string Destination, string Code)[] unready =
        [
            (FakeNetwork.NewAddress(), "destination_not_found"),
            (world.Network.NewOutsider(a => a.Trustlines.Clear()), "destination_no_trustline"),
            (world.Network.NewOutsider(a => a.Trustlines[world.Network.Usdc].Authorized = false), "destination_not_authorized"),
            (world.Network.NewOutsider(a => a.Trustlines[world.Network.Usdc].Limit = 1), "destination_full"),
        ];

        // A hundredth of it is worth enough for a payment, and too little to be set aside.
        world.Rates.Set("USDC", 10m);
        foreach (var (destination, code) in unready)
        {
            var refused = (await payer.QuoteAsync(destination, "4")).Error!;
            refused.Code.ShouldBe(code);
            refused.Message.ShouldEndWith(Hint);
            (await payer.QuoteAsync(destination, "0.001")).Error!.Message.ShouldNotEndWith(Hint);

            var quote = await payer.SetAsideAsync(destination, "0.5");
            quote.Error.ShouldBeNull();
            quote.Value!.Claimable.ShouldNotBeNull().Status.ShouldBeNull();
        }

        var asksForMemo = world.Network.NewOutsider(a => (a.MemoRequired, a.Trustlines[world.Network.Usdc].Limit) = (true, 1));
        (await payer.QuoteAsync(asksForMemo, "4")).Error!.Message.ShouldNotEndWith(Hint);
        (await payer.SetAsideAsync(asksForMemo, "4")).Error!.Code.ShouldBe("memo_required");
        (await payer.SetAsideAsync(asksForMemo, "4", memo: "42")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_payment_to_nobody_waits_on_the_ledger_at_the_platforms_cost()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var destination = FakeNetwork.NewAddress();

        var paid = await payer.SetAsideAndWaitAsync(destination, "4", days: 7);

        var address = await payer.AddressAsync();
        var balance = world.Network.Look(l => l.Claimables.Values.Single(b => b.Creator == address));
        var claimable = paid.Claimable.ShouldNotBeNull();
        (claimable.BalanceId, claimable.Status, paid.FeeStroops).ShouldBe((balance.Id, ClaimStatus.Open, 0));
        (balance.Creator, balance.Asset, balance.Stroops).ShouldBe((address, world.Network.Usdc, 40_000_000));
        balance.Claimants.ShouldBe([
            ClaimableUsers.Anytime(destination), ClaimableUsers.From(address, claimable.ReclaimableAfter)]);
        var expected = world.Network.Look(l => l.ClosedAt).AddDays(7);
        claimable.ReclaimableAfter.ShouldBe(expected, TimeSpan.FromMinutes(1));
        await payer.UntilBalanceAsync(60_000_000);

        var envelope = (FeeBumpTransactionEnvelope)TransactionEnvelope.FromXdrBase64(world.Network.Look(_ => world.Network.Submitted[^1]));
        var operations = envelope.Transaction.Inner.Transaction.Operations;
        operations[0].Source!.Value.AccountId.ShouldBe(envelope.Transaction.FeeSource.AccountId);
        operations.Select(o => o.Body.Type).ShouldBe([
            OperationType.BeginSponsoringFutureReserves, OperationType.CreateClaimableBalance,
            OperationType.EndSponsoringFutureReserves]);
        var told = world.EventsOf("payment.succeeded").Single()["data"]!["claim"]!;
        ((string?)told["balanceId"], (string?)told["status"]).ShouldBe((balance.Id, "open"));
    }

    [Fact]
    public async Task A_recipient_who_is_ready_is_simply_paid()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var ready = world.Network.NewOutsider();

        var quote = await payer.SetAsideAsync(ready, "4");
        await payer.ConfirmedAsync(quote.Value!.Id);
        var paid = await payer.UntilAsync(quote.Value.Id, PaymentStatus.Succeeded);

        paid.Claimable.ShouldBeNull();
        world.Network.Look(l => l.Accounts[ready].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        (await payer.ReclaimAsync(paid)).Error!.Code.ShouldBe("not_reclaimable");
    }

    [Fact]
    public async Task What_cannot_be_set_aside_is_refused()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var nobody = FakeNetwork.NewAddress();

        (await payer.SetAsideAsync(nobody, "4", days: 0)).Error!.Code.ShouldBe("reclaim_after_invalid");
        (await payer.SetAsideAsync(nobody, "4", days: 366)).Error!.Code.ShouldBe("reclaim_after_invalid");
        (await payer.SetAsideAsync(nobody, "4", days: 7, claimable: false)).Error!.Code.ShouldBe("reclaim_after_invalid");
        // Worth enough to be paid, and too little to be set aside.
        world.Rates.Set("USDC", 2m);
        (await payer.SetAsideAsync(nobody, "0.0099999")).Error!.Code.ShouldBe("claimable_too_small");

        for (var i = 0; i < 20; i++)
        {
            (await payer.SetAsideAsync(nobody, "0.01")).Error.ShouldBeNull();
        }

        (await payer.SetAsideAsync(nobody, "0.01")).Error!.Code.ShouldBe("too_many_claimable");
        var first = (await payer.Wallet.GetSnapshotAsync(payer.Id)).Value!.Payments[0];
        await payer.CancelAsync(first.Id);
        var last = await payer.SetAsideAsync(nobody, "0.01");
        last.Error.ShouldBeNull();
        await payer.CancelAsync(last.Value!.Id);

        var address = await payer.AddressAsync();
        world.Network.Look(l => l.Accounts[address].Trustlines[world.Network.Usdc].Authorized = false);
        (await payer.SetAsideAsync(nobody, "0.01")).Error!.Code.ShouldBe("sender_not_authorized");
    }

    [Fact]
    public async Task The_same_key_gives_the_same_payment_and_another_date_is_another_request()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var nobody = FakeNetwork.NewAddress();

        var first = await payer.SetAsideAsync(nobody, "4", days: 7, key: "k");

        (await payer.SetAsideAsync(nobody, "4", days: 7, key: "k")).Value!.Id.ShouldBe(first.Value!.Id);
        (await payer.SetAsideAsync(nobody, "4", days: 8, key: "k")).Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task A_payment_that_is_set_aside_shares_its_transaction_with_no_other()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var ready = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var before = await payer.PayAsync(ready, "1");
        var aside = (await payer.SetAsideAsync(FakeNetwork.NewAddress(), "1")).Value!;
        await payer.ConfirmedAsync(aside.Id);
        var two = await payer.PayAsync(ready, "1");
        var three = await payer.PayAsync(ready, "1");

        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        foreach (var payment in new[] { before, aside, two, three })
        {
            await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        }

        var views = new List<PaymentView>();
        foreach (var payment in new[] { before, aside, two, three })
        {
            views.Add(await payer.PaymentAsync(payment.Id));
        }

        views.Select(v => v.TransactionHash).Distinct().Count().ShouldBe(3);
        views[2].TransactionHash.ShouldBe(views[3].TransactionHash);
        await payer.UntilBalanceAsync(60_000_000);
    }

    [Fact]
    public async Task A_recipient_outside_who_claims_it_is_known_to_the_payer()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var nobody = FakeNetwork.NewAddress();
        var paid = await payer.SetAsideAndWaitAsync(nobody, "4");
        world.Network.Look(l => l.Accounts[nobody] = new FakeAccount { Trustlines = { [world.Network.Usdc] = new FakeTrustline() } });

        world.Network.ClaimByOther(paid.Claimable!.BalanceId!, nobody);

        await payer.UntilAsync(paid, ClaimStatus.Claimed);
        world.EventsOf("payment.claimed").Length.ShouldBe(1);
        (await payer.ReclaimAsync(paid)).Error!.Code.ShouldBe("already_claimed");
        (await payer.UsdcAsync()).Balance.ShouldBe(60_000_000);
    }
}
