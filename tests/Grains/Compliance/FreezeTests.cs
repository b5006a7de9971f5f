using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Compliance;

public sealed class FreezeTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static readonly AdminOrder Order = new(UserId.New(TimeProvider.System), "Reported as stolen.");

    [Fact]
    public async Task A_frozen_wallet_neither_quotes_nor_confirms_but_looks_cancels_and_is_paid()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        var quote = await payer.QuotedAsync(payee, "1");
        var other = await payer.QuotedAsync(payee, "2");

        var frozen = (await Control(payer).FreezeAsync(Order)).Value!;

        (frozen.Status, frozen.FrozenBy, frozen.FreezeReason).ShouldBe((WalletStatus.Frozen, Order.Admin, Order.Reason));
        var refusal = (await payer.QuoteAsync(payee, "1")).Error!;
        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.Forbidden, "wallet_frozen"));
        (await payer.ConfirmAsync(quote.Id)).Error!.Code.ShouldBe("wallet_frozen");
        (await payer.CancelAsync(other.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
        (await payer.ViewAsync()).Status.ShouldBe(WalletStatus.Frozen);
        world.Network.Issue(await payer.AddressAsync(), 10_000_000);
        await payer.UntilBalanceAsync(1_010_000_000);
        world.EventsOf("wallet.frozen").Single()["data"]!["status"]!.GetValue<string>().ShouldBe("frozen");
    }

    [Fact]
    public async Task What_waits_to_be_signed_fails_and_gives_back_what_it_reserved_while_what_is_signed_is_finished()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        world.Network.Down = false;
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var signed = await payer.PayAsync(payee, "1");
        var queued = await payer.PayAsync(payee, "2");
        queued.Status.ShouldBe(PaymentStatus.Queued);

        await Control(payer).FreezeAsync(Order);
        world.Network.HoldPending(false);

        await payer.UntilAsync(signed.Id, PaymentStatus.Succeeded);
        var failed = await payer.PaymentAsync(queued.Id);
        (failed.Status, failed.FailureCode, failed.TransactionHash).ShouldBe((PaymentStatus.Failed, "wallet_frozen", null));
        (await payer.Wallet.GetLimitsAsync(payer.Id)).Value!.Daily.Used.ShouldBe(10_000_000);
        await payer.UntilBalanceAsync(990_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task An_unfrozen_wallet_pays_again_and_repeats_change_nothing()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        await Control(payer).FreezeAsync(Order);
        await Control(payer).FreezeAsync(Order with { Reason = "Again." });
        (await Control(payer).GetControlAsync()).Value!.FreezeReason.ShouldBe(Order.Reason);

        (await Control(payer).UnfreezeAsync(Order)).Value!.Status.ShouldBe(WalletStatus.Active);
        await Control(payer).UnfreezeAsync(Order);

        var paid = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
        world.EventsOf("wallet.frozen").Length.ShouldBe(1);
        world.EventsOf("wallet.unfrozen").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_freeze_outlives_the_process_that_took_it()
    {
        await using var world = await TestWorld.StartAsync(silos: 2);
        var payer = await world.NewUserAsync("100");
        await Control(payer).FreezeAsync(Order);

        await world.Cluster.KillSiloAsync(world.Cluster.Silos[1], TestContext.Current.CancellationToken);
        await TestWorld.UntilAsync(
            async () =>
            {
                try
                {
                    return (await payer.QuoteAsync(world.Network.NewOutsider(), "1")).Error?.Code == "wallet_frozen";
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    return false;
                }
            },
            "the wallet answers that it is frozen");
    }

    [Fact]
    public async Task A_tier_decides_the_limits()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("5000");
        var payee = world.Network.NewOutsider();
        (await payer.QuoteAsync(payee, "1001")).Error!.Message.ShouldBe("A payment can be at most 1,000.00 USD at tier 0.");

        (await Control(payer).SetTierAsync(Order, 1)).Value!.Limits.Tier.ShouldBe(1);

        (await payer.QuoteAsync(payee, "1001")).Error.ShouldBeNull();
        world.EventsOf("wallet.tier_changed").Length.ShouldBe(1);
        foreach (var wrong in new[] { -1, 4, int.MaxValue })
        {
            (await Control(payer).SetTierAsync(Order, wrong)).Error!.Code.ShouldBe("tier_invalid");
        }

        (await Control(payer).SetTierAsync(Order, 0)).Value!.Limits.Daily.Left.ShouldBe(25_000_000_000 - 10_010_000_000);
    }

    [Fact]
    public async Task There_is_nothing_to_freeze_where_there_is_no_wallet()
    {
        var world = await shared.ForTestAsync();
        var nobody = world.NewUnopenedUser();

        (await Control(nobody).FreezeAsync(Order)).Error!.Code.ShouldBe("wallet_not_found");
        (await Control(nobody).SetTierAsync(Order, 2)).Error!.Code.ShouldBe("wallet_not_found");
        (await Control(nobody).GetControlAsync()).Error!.Code.ShouldBe("wallet_not_found");
    }

    private static IWalletControl Control(TestUser user) => user.World.Grains.GetGrain<IWalletControl>(user.Key);
}
