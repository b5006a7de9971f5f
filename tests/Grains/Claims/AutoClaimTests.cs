using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Claims;

public sealed class AutoClaimTests
{
    private static readonly string Creator = FakeNetwork.NewAddress();

    [Fact]
    public async Task A_user_whose_wallet_is_still_being_opened_gets_it_when_it_is_open()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.NewUnopenedUser();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var sent = world.Network.Look(_ => world.Network.Submitted.Count);
        await payee.OpenAsync();
        await TestWorld.UntilAsync(() => world.Network.Look(_ => world.Network.Submitted.Count) > sent, "the opening is under way");
        var paid = await payer.SetAsideAndWaitAsync(await payee.AddressAsync(), "4");
        paid.Claimable!.Status.ShouldBe(ClaimStatus.Open);

        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        await payee.UntilBalanceAsync(40_000_000);
        await payer.UntilAsync(paid, ClaimStatus.Claimed);
        var credit = world.EventsOf("wallet.credited").Single(e => (string)e["data"]!["walletId"]! == payee.Key);
        ((string?)credit["data"]!["from"]).ShouldBe(await payer.AddressAsync());
    }

    [Fact]
    public async Task What_others_set_aside_is_claimed_if_it_is_worth_it_and_can_be_held()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        var now = world.Network.Look(l => l.ClosedAt);
        world.Network.SetAside(90_000, ClaimableUsers.Anytime(address));
        world.Network.Look(l => l.SetAside(world.Network.Issuer, $"DUST:{world.Network.Issuer}", 50_000_000, ClaimableUsers.Anytime(address)));
        var expired = new ClaimBeforeAbsoluteTime(now.AddDays(-1).ToUnixTimeSeconds());
        world.Network.SetAside(70_000_000, new Claimant(AccountId.Parse(address), expired));
        world.Network.SetAside(20_000_000, ClaimableUsers.From(address, now.AddDays(3)));
        world.Network.SetAside(10_000_000, ClaimableUsers.Anytime(address));

        await payee.UntilBalanceAsync(10_000_000);

        world.Pass(TimeSpan.FromDays(3));
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromMinutes(10));
            await world.SweepAsync();
            return (await payee.UsdcAsync()).Balance == 30_000_000;
        }, "what could be claimed later only is claimed");
        world.Network.Look(l => l.Claimables.Count).ShouldBe(3);
    }

    [Fact]
    public async Task A_claim_that_fails_does_not_sink_the_others()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        world.Network.Look(l => l.Accounts[address].Trustlines[world.Network.Usdc].Limit = 100_000_000);
        world.Network.HoldFeed(true);
        var large = world.Network.SetAside(500_000_000, ClaimableUsers.Anytime(address));
        var small = world.Network.SetAside(10_000_000, ClaimableUsers.Anytime(address));

        world.Network.HoldFeed(false);

        await payee.UntilBalanceAsync(10_000_000);
        world.Network.Look(l => (l.Claimables.ContainsKey(large), l.Claimables.ContainsKey(small))).ShouldBe((true, false));
        world.Network.Look(l => l.Accounts[address].Trustlines[world.Network.Usdc].Limit = long.MaxValue);
        await TestWorld.UntilAsync(async () =>
        {
            world.Pass(TimeSpan.FromHours(1));
            await world.SweepAsync();
            return (await payee.UsdcAsync()).Balance == 510_000_000;
        }, "there is room for the other");
    }

    [Fact]
    public async Task A_balance_that_can_be_claimed_at_the_end_of_time_keeps_no_other_from_being_claimed()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        world.Network.SetAside(50_000_000, ClaimableUsers.From(address, DateTimeOffset.MaxValue));
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult(world.Storage.StoredClaims(user.Key).Any(claim => claim.ContainsKey("lookAt"))),
            "the balance is looked at next year");

        world.Network.SetAside(20_000_000, ClaimableUsers.Anytime(address));

        await world.UntilAfterSweepsAsync(async () => (await user.UsdcAsync()).Balance == 120_000_000, "the other is claimed");
    }

    [Fact]
    public async Task Payments_go_before_claims()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        var other = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await user.PayAsync(other, "1");
        world.Network.SetAside(50_000_000, ClaimableUsers.Anytime(address));
        await TestWorld.UntilAsync(
            () => world.Storage.StoredClaims(user.Key).Length > 0,
            "the claim waits");
        await user.PayAsync(other, "2");

        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        await user.UntilBalanceAsync(120_000_000);
        var kinds = world.Network.Look(_ => world.Network.Submitted.ToArray())
            .Select(e => TransactionEnvelope.FromXdrBase64(e)).OfType<FeeBumpTransactionEnvelope>()
            .Select(e => e.Transaction.Inner.Transaction).Where(t => t.Source.AccountId.ToString() == address)
            .Select(t => (t.Sequence, t.Operations[0].Body.Type)).Distinct().OrderBy(t => t.Sequence).Select(t => t.Type);
        kinds.ShouldBe([OperationType.Payment, OperationType.Payment, OperationType.ClaimClaimableBalance]);
    }

    // The bug kept away: the scan ended after a thousand, oldest first, so that spam hid what came after it.
    [Fact]
    public async Task Spam_does_not_hide_a_balance_from_a_wallet_that_has_to_scan()
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Down = true;
        var payee = world.NewUnopenedUser();
        var address = (await payee.OpenAsync()).Value!.Address!;
        world.Network.Look(l =>
        {
            l.Accounts[address] = new FakeAccount { Sequence = 7 };
            for (var i = 0; i <= FakeNetwork.ClaimablesInPage; i++)
            {
                Unseen(l, IdOf(i), world.Network.Usdc, 1, ClaimableUsers.Anytime(address));
            }

            Unseen(l, IdOf(-1), world.Network.Usdc, 50_000_000, ClaimableUsers.Anytime(address));
            return true;
        });
        world.Network.Down = false;

        await payee.UntilActiveAsync();
        await TestWorld.UntilAsync(async () =>
        {
            world.Pass(TimeSpan.FromSeconds(1));
            await world.SweepAsync();
            return (await payee.UsdcAsync()).Balance == 50_000_000;
        }, "what is real is claimed");
        world.Network.Look(l => l.Claimables.Count).ShouldBe(FakeNetwork.ClaimablesInPage + 1);
        world.Storage.Stored("wallet", payee.Key).ContainsKey("scan").ShouldBeFalse();

        static string IdOf(int number) => new ClaimableBalanceId(new Hash([.. BitConverter.GetBytes(number), .. new byte[28]])).ToString();

        static void Unseen(FakeLedger ledger, string id, string asset, long stroops, Claimant claimant) =>
            ledger.Claimables.Add(id, new FakeClaimable(id, Creator, asset, stroops, [claimant]));
    }

    [Fact]
    public async Task More_than_can_be_remembered_are_found_on_the_network_later()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        world.Network.HoldFeed(true);
        for (var i = 0; i < 60; i++)
        {
            world.Network.SetAside(1_000_000, ClaimableUsers.Anytime(address));
        }

        world.Network.HoldFeed(false);

        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromMinutes(10));
            await world.SweepAsync();
            return (await payee.UsdcAsync()).Balance == 60_000_000;
        }, "all are claimed");
        world.Network.Look(l => l.Claimables.Count).ShouldBe(0);
        world.Storage.StoredClaims(payee.Key).ShouldBeEmpty();
    }
}
