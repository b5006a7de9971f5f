using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Network;

public abstract class PoisonTests(SharedWorld shared)
{
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    [Fact]
    public async Task An_operation_that_its_wallet_refuses_is_parked_and_the_rest_goes_on_with_the_same_wallet_too()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var other = await world.NewUserAsync();
        var poison = world.Network.Add(Credit(await user.AddressAsync(), world.Network.Usdc, long.MaxValue));
        world.Network.Issue(await user.AddressAsync(), 5);
        world.Network.Issue(await other.AddressAsync(), 7);

        await other.UntilBalanceAsync(7);
        await user.UntilBalanceAsync(10_000_005);

        var parked = (await ParkedAsync(world)).ShouldHaveSingleItem();
        (parked.Entry.Place.Token, parked.Owner, parked.Status, parked.Entry.Place.Ledger()).ShouldBe(
            (poison.PagingToken, new LedgerOwner(GrainState.Wallet, user.Key), ParkedStatus.Parked, poison.Ledger));
        world.Log.Lines.ShouldContain(line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(" 1321 ", StringComparison.Ordinal));
        (await Follower(world).GetStatusAsync()).Parked.ShouldBe(1);
    }

    [Fact]
    public async Task A_parked_operation_that_is_still_refused_stays_and_counts_its_attempts()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var poison = world.Network.Add(Credit(await user.AddressAsync(), world.Network.Usdc, long.MaxValue));
        await TestWorld.UntilAsync(async () => (await ParkedAsync(world)).Count == 1, "the operation is parked");
        var attempts = (await ParkedAsync(world))[0].Attempts;

        var retried = await Owner(world, user).RetryParkedAsync(poison.PagingToken, Operator);

        retried.Error.ShouldNotBeNull().Code.ShouldBe("parked_operation_refused");
        ((await ParkedAsync(world))[0].Status, (await ParkedAsync(world))[0].Attempts).ShouldBe((ParkedStatus.Parked, attempts + 1));
        await TestWorld.UntilAsync(async () => (await user.UsdcAsync()).Balance == 10_000_000, "the balance is as before");
    }

    [Fact]
    public async Task A_parked_operation_is_taken_once_when_it_can_be_however_often_and_however_many_ask()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var poison = world.Network.Add(Credit(await user.AddressAsync(), world.Network.Usdc, long.MaxValue));
        await TestWorld.UntilAsync(async () => (await ParkedAsync(world)).Count == 1, "the operation is parked");
        var address = await user.AddressAsync();
        var outsider = world.Network.NewOutsider();
        var debit = world.Network.Add(
            sequence => Credit(outsider, world.Network.Usdc, 10_000_000)(sequence) with { From = address });
        await user.UntilBalanceAsync(0);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Owner(world, user).RetryParkedAsync(poison.PagingToken, Operator)));

        answers.Sum(answer => answer.Value).ShouldBe(1);
        debit.PagingToken.ShouldBeGreaterThan(poison.PagingToken);
        (await user.UsdcAsync()).Balance.ShouldBe(long.MaxValue);
        var done = (await ParkedAsync(world)).ShouldHaveSingleItem();
        (done.Status, done.ResolvedBy).ShouldBe((ParkedStatus.Applied, Operator.Value));
        world.Storage.Stored(GrainState.Wallet, user.Key).ContainsKey("parked").ShouldBeFalse();
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_parked_for_the_wallet_that_it_names_and_taken_when_it_can_be_read()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var line = world.Network.AddUnread("raw", await user.AddressAsync());
        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        (await Owner(world, user).RetryParkedAsync(line.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_unreadable");
        world.Network.ReadableNow["raw"] =
            [Credit(await user.AddressAsync(), world.Network.Usdc, 3)(line.Ledger) with { PagingToken = line.PagingToken }];
        (await Owner(world, user).RetryParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);
        (await Owner(world, user).RetryParkedAsync(line.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_not_found");

        await user.UntilBalanceAsync(10_000_008);
    }

    [Fact]
    public async Task A_line_that_turns_out_to_be_several_credits_shows_each_of_them()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var line = world.Network.AddUnread("raw", await user.AddressAsync());
        await TestWorld.UntilAsync(async () => (await ParkedAsync(world)).Count == 1, "the line is parked");
        var credit = Credit(await user.AddressAsync(), world.Network.Usdc, 10_000_000)(line.Ledger) with { PagingToken = line.PagingToken };
        world.Network.ReadableNow["raw"] = [credit, credit with { Amount = credit.Amount!.Value with { Stroops = 20_000_000 } }];

        (await Owner(world, user).RetryParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);

        await user.UntilBalanceAsync(40_000_000);
        var shown = world.EventsOf("wallet.credited").Select(e => (string)e["data"]!["operationId"]!).ToArray();
        shown.Distinct().Count().ShouldBe(shown.Length);
    }

    [Fact]
    public async Task A_line_of_a_transaction_that_failed_gives_the_platform_no_deposit()
    {
        await using var world = await shared.StartOwnAsync();
        await world.NewUserAsync("1");
        var key = world.Storage.Places.First(p => p.State == GrainState.Sponsor).Key;
        var sponsor = (string)world.Storage.Stored(GrainState.Sponsor, key)["key"]!["publicKey"]!;
        var line = world.Network.AddUnread("raw", sponsor);
        await TestWorld.UntilAsync(async () => (await ParkedAsync(world)).Count == 1, "the line is parked");
        world.Network.ReadableNow["raw"] =
            [Credit(sponsor, "native", 1_000_000_000)(line.Ledger) with { PagingToken = line.PagingToken, Successful = false }];

        var suspense = world.Grains.GetGrain<ISuspenseGrain>(ISuspenseGrain.Key);
        (await suspense.RetryParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);

        (await world.Port<ISuspense>().ListAsync(null, null, 10, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Trouble_with_storage_parks_nothing_however_often_it_comes()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        for (var i = 0; i < 6; i++)
        {
            world.Storage.FailNextWriteOf(user, Failing.BeforeTheWrite);
        }

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        (await ParkedAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_parked_under_a_token_that_nobody_knows()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync();

        (await Owner(world, user).RetryParkedAsync(42, Operator)).Error!.Code.ShouldBe("parked_operation_not_found");
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_and_names_nobody_of_ours_is_only_counted()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync();
        world.Network.AddUnread("raw");
        world.Network.Issue(await user.AddressAsync(), 5);

        await user.UntilBalanceAsync(5);

        (await ParkedAsync(world)).ShouldBeEmpty();
        // The follower says so when it has delivered the rest, and waits for no wallet.
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(
                line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(" 1305 ", StringComparison.Ordinal)),
            "it is counted");
    }

    [Fact]
    public async Task A_parked_row_that_an_operator_closes_is_never_taken_in()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var line = world.Network.AddUnread("raw", await user.AddressAsync());
        await TestWorld.UntilAsync(async () => (await ParkedAsync(world)).Count == 1, "the line is parked");

        (await Owner(world, user).CloseParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);

        world.Network.ReadableNow["raw"] =
            [Credit(await user.AddressAsync(), world.Network.Usdc, 3)(line.Ledger) with { PagingToken = line.PagingToken }];
        (await Owner(world, user).RetryParkedAsync(line.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_not_found");
        (await user.UsdcAsync()).Balance.ShouldBe(10_000_000);
        (await ParkedAsync(world))[0].Status.ShouldBe(ParkedStatus.Closed);
    }

    [Fact]
    public async Task Eleven_hundred_credits_of_one_ledger_are_taken_in_whole()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync();
        var address = await user.AddressAsync();
        world.Network.Add(sequence =>
        {
            var credit = Credit(address, world.Network.Usdc, 1)(sequence);
            return credit with
            {
                Type = "invoke_host_function",
                Transfers =
            [
                .. Enumerable.Repeat(new LedgerTransfer(credit.From, address, credit.Amount!.Value, credit.Amount.Value), 1_100),
            ],
            };
        });

        await user.UntilBalanceAsync(1_100);

        (await ParkedAsync(world)).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<ParkedRow>> ParkedAsync(TestWorld world) =>
        world.Port<IParkedRows>().ListAsync(open: false, null, 100, TestContext.Current.CancellationToken);

    private static IWalletControl Owner(TestWorld world, TestUser user) => world.Grains.GetGrain<IWalletControl>(user.Key);

    private static IFollowerGrain Follower(TestWorld world) => world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key);

    private static Func<long, LedgerOperation> Credit(string to, string asset, long stroops) => sequence => new LedgerOperation(
        (sequence << 32) | 4097, $"hash-{sequence}", null, true, "payment", FakeNetwork.NewAddress(), to,
        new Amount(Asset.Parse(asset), stroops), null, sequence, DateTimeOffset.UnixEpoch);
}

[Trait("Length", "long")]
public sealed class PoisonInMemoryTests(SharedWorld shared) : PoisonTests(shared), IClassFixture<SharedWorld>;

public sealed class PoisonOnPostgresTests(SharedPostgresWorld shared) : PoisonTests(shared), IClassFixture<SharedPostgresWorld>;
