using System.Text.Json.Nodes;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_new_wallet_has_an_address_at_once_and_an_account_with_trustlines_soon()
    {
        await using var world = await TestWorld.StartAsync();
        var user = world.NewUnopenedUser();

        var opened = (await user.OpenAsync()).Value!;
        opened.Status.ShouldBe(WalletStatus.Opening);
        opened.Address.ShouldStartWith("G");
        await user.UntilActiveAsync();

        var account = world.Network.Look(l => l.Accounts[opened.Address.ShouldNotBeNull()]);
        account.Native.ShouldBe(0);
        account.Trustlines.Keys.ShouldBe([world.Network.Usdc]);
        (await user.ViewAsync()).Balances.Select(b => (b.Asset.Code, b.Balance)).ShouldBe([("XLM", 0), ("USDC", 0)]);
        world.Storage.Stored(GrainState.Wallet, user.Key).ContainsKey("dueAt").ShouldBeFalse();
    }

    [Fact]
    public async Task Opening_again_gives_the_same_wallet()
    {
        await using var world = await TestWorld.StartAsync();
        var user = world.NewUnopenedUser();

        var first = (await user.OpenAsync()).Value!;
        var second = (await user.OpenAsync()).Value!;

        second.Address.ShouldBe(first.Address);
        world.EventsOf("wallet.opened").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_wallet_is_opened_only_by_the_user_whose_id_it_bears()
    {
        await using var world = await TestWorld.StartAsync();
        var user = world.NewUnopenedUser();

        var other = await (user with { Id = UserId.New(TimeProvider.System) }).OpenAsync();

        other.Error!.Kind.ShouldBe(ErrorKind.NotFound);
        (await user.Wallet.GetAddressAsync()).Error!.Code.ShouldBe("wallet_not_found");
    }

    [Fact]
    public async Task Many_wallets_share_the_sponsors_and_all_become_active()
    {
        await using var world = await TestWorld.StartAsync();
        var users = Enumerable.Range(0, 60).Select(_ => world.NewUnopenedUser()).ToArray();

        await Task.WhenAll(users.Select(u => u.OpenAsync()));
        foreach (var user in users)
        {
            await user.UntilActiveAsync();
        }

        var transactions = world.Network.Look(l => l.Applied.Values.ToArray());
        transactions.ShouldAllBe(t => t.Code == null);
        transactions.Length.ShouldBeLessThan(60);
        world.EventsOf("wallet.activated").Length.ShouldBe(60);
    }

    [Theory]
    [InlineData(Answer.TimeOutAfterApplying)]
    [InlineData(Answer.TimeOutWithoutApplying)]
    [InlineData(Answer.PendingThenApplied)]
    [InlineData(Answer.BadSequence)]
    public async Task However_the_network_answers_the_account_is_created_once(Answer answer)
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Next(answer);

        var user = await world.NewUserAsync();

        world.Network.Look(l => l.Applied.Count).ShouldBe(1);
        world.EventsOf("wallet.activated").Length.ShouldBe(1);
        (await user.ViewAsync()).Status.ShouldBe(WalletStatus.Active);
    }

    [Fact]
    public async Task A_refused_transaction_is_replaced_by_a_new_one()
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Next(Answer.RefuseForGood);

        await world.NewUserAsync();

        world.Network.Submitted.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task An_account_that_a_stranger_created_first_still_gets_its_trustlines()
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Down = true;
        var user = world.NewUnopenedUser();
        var address = (await user.OpenAsync()).Value!.Address!;
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 7 });
        world.Network.Down = false;

        await user.UntilActiveAsync();

        world.Network.Look(l => l.Accounts[address].Trustlines.Keys.Single()).ShouldBe(world.Network.Usdc);
    }

    // CAP-73: a contract's transfer of XLM creates the account that it pays, and a contract can open its trustline.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_that_a_contract_created_first_is_opened_and_keeps_what_it_was_given(bool trusts)
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Down = true;
        var user = world.NewUnopenedUser();
        var address = (await user.OpenAsync()).Value!.Address!;
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 7, Native = 50_000_000 });
        if (trusts)
        {
            world.Network.Look(l => l.Accounts[address].Trustlines[world.Network.Usdc] = new FakeTrustline());
        }

        var five = new Money.Amount(Money.Asset.Native, 50_000_000);
        world.Network.Add(ledger => new LedgerOperation(
            (ledger << 32) | 4097, $"{ledger:x64}", null, true, "invoke_host_function", null, null, null, null, ledger,
            DateTimeOffset.UnixEpoch, Transfers: [new LedgerTransfer(FakeNetwork.NewAddress(), address, five, five)]));
        world.Network.Down = false;

        await user.UntilActiveAsync();

        await TestWorld.UntilAsync(
            async () => (await user.ViewAsync()).Balances[0].Balance == 50_000_000, "it has what it was created with");
        world.Network.Look(l => l.Accounts[address].Trustlines.Keys.Single()).ShouldBe(world.Network.Usdc);
        world.EventsOf("wallet.activated").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(FaultPoint.OpeningPersisting)]
    [InlineData(FaultPoint.OpeningSigned)]
    [InlineData(FaultPoint.OpeningDecided)]
    public async Task A_failure_at_any_point_of_the_sponsors_way_opens_the_account_once(string point)
    {
        await using var world = await TestWorld.StartAsync();
        world.Faults.Arm(point, _ => throw new IOException("crash"));

        await world.NewUserAsync();

        world.Network.Look(l => l.Applied.Count).ShouldBe(1);
        world.EventsOf("wallet.activated").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_wallet_is_written_twice_to_be_opened_and_the_ledger_is_not_asked_for_its_account()
    {
        await using var world = await TestWorld.StartAsync();
        await world.NewUserAsync();
        var user = await world.NewUserAsync();

        (await user.ViewAsync()).Revision.ShouldBe(2);
        world.Network.AccountsAsked.ShouldNotContain(await user.AddressAsync());
    }

    [Fact]
    public async Task Friendbot_pays_into_an_active_wallet_and_the_ledger_shows_it()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();

        (await user.FundAsync()).IsSuccess.ShouldBeTrue();

        await TestWorld.UntilAsync(
            async () => (await user.ViewAsync()).Balances[0].Balance == 100_000_000_000, "friendbot's XLM is there");
    }
}
