using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

public sealed class ClaimTests
{
    private const string Id = "00000000aa";
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_claim_brings_is_known_from_the_balances_creation_and_its_creator_hears_of_it()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var (from, to) = (await payer.AddressAsync(), await payee.AddressAsync());
        var amount = new Amount(Asset.Parse(world.Network.Usdc), 30_000_000);

        world.Network.Add(ledger => New(ledger, "create_claimable_balance") with { From = from, Amount = amount, Claimants = [to] });
        await payer.UntilBalanceAsync(70_000_000);
        (await payee.UsdcAsync()).Balance.ShouldBe(0);
        var claim = world.Network.Add(ledger => New(ledger, "claim_claimable_balance") with { To = to });
        await payee.UntilBalanceAsync(30_000_000);

        await TestWorld.UntilAsync(() => CursorOf(world, payer) == claim.PagingToken, "the creator has heard of the claim");
        (await payer.UsdcAsync()).Balance.ShouldBe(70_000_000);
    }

    [Fact]
    public async Task What_a_claim_brings_that_began_before_us_is_asked_of_the_network()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var to = await payee.AddressAsync();

        world.Network.Add(ledger =>
        {
            var claim = New(ledger, "claim_claimable_balance") with { To = to };
            world.Network.Claims[claim.PagingToken] = new Amount(Asset.Parse(world.Network.Usdc), 9);
            return claim;
        });

        await payee.UntilBalanceAsync(9);
    }

    [Fact]
    public async Task A_balance_that_is_clawed_back_reaches_its_creator_and_moves_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var from = await payer.AddressAsync();
        world.Network.Add(ledger => New(ledger, "create_claimable_balance") with
        {
            From = from, Amount = new Amount(Asset.Parse(world.Network.Usdc), 1), Claimants = [FakeNetwork.NewAddress()],
        });

        var clawback = world.Network.Add(ledger => New(ledger, "clawback_claimable_balance"));

        await TestWorld.UntilAsync(() => CursorOf(world, payer) == clawback.PagingToken, "the creator has heard of it");
        (await payer.UsdcAsync()).Balance.ShouldBe(99_999_999);
    }

    [Fact]
    public async Task What_strangers_claim_from_strangers_costs_no_question()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("1");

        world.Network.Add(ledger => New(ledger, "claim_claimable_balance") with { To = FakeNetwork.NewAddress() });
        world.Network.Issue(await user.AddressAsync(), 5);

        // To complete the claim would fail here: nobody has said what it brings.
        await user.UntilBalanceAsync(10_000_005);
        ((MemoryStorage)world.Storage).Balances.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_of_which_the_network_does_not_say_how_much_it_was_is_parked_and_holds_nobody()
    {
        await using var world = await TestWorld.StartAsync();
        var (payee, other) = (await world.NewUserAsync(), await world.NewUserAsync());
        var to = await payee.AddressAsync();
        world.Network.KnowsNothingOfOne = true;

        var claim = world.Network.Add(ledger => New(ledger, "claim_claimable_balance") with { To = to });
        world.Network.Issue(await other.AddressAsync(), 5);
        world.Network.Issue(to, 7);

        await other.UntilBalanceAsync(5);
        await payee.UntilBalanceAsync(7);
        var parked = (await world.Port<IParkedRows>().FindAsync(claim.PagingToken, Cancelled)).ShouldHaveSingleItem();
        (parked.Owner.Key, parked.Error).ShouldBe((payee.Key, "It is not known how much it claimed. It does not know."));
        world.Network.ClaimsAsked.ShouldBe([claim.PagingToken, claim.PagingToken, claim.PagingToken]);

        // When the network says it, an operator has it taken in, once.
        world.Network.KnowsNothingOfOne = false;
        world.Network.Claims[claim.PagingToken] = new Amount(Asset.Parse(world.Network.Usdc), 9);
        var owner = world.Grains.GetGrain<IWalletControl>(payee.Key);
        (await owner.RetryParkedAsync(claim.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_too_soon");
        await TestWorld.UntilAsync(
            async () => (await owner.RetryParkedAsync(claim.PagingToken, Operator)).IsSuccess, "the claim is taken in");
        (await owner.RetryParkedAsync(claim.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_not_found");
        await payee.UntilBalanceAsync(16);
    }

    [Fact]
    public async Task What_an_operator_has_had_asked_is_not_forgotten_because_something_else_was_drained_meanwhile()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var to = await payee.AddressAsync();
        world.Network.KnowsNothingOfOne = true;
        var claim = world.Network.Add(ledger => New(ledger, "claim_claimable_balance") with { To = to });
        await TestWorld.UntilAsync(
            async () => (await world.Port<IParkedRows>().FindAsync(claim.PagingToken, Cancelled)).Count == 1, "the claim is parked");
        world.Network.KnowsNothingOfOne = false;
        world.Network.Claims[claim.PagingToken] = new Amount(Asset.Parse(world.Network.Usdc), 9);
        world.Network.ClaimsAsked.Clear();
        var owner = world.Grains.GetGrain<IWalletControl>(payee.Key);
        (await owner.RetryParkedAsync(claim.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_too_soon");

        // Whoever gets something in each ledger is drained more often than an operator asks.
        world.Network.Issue(to, 7);
        await payee.UntilBalanceAsync(7);
        await TestWorld.UntilAsync(() => ((MemoryStorage)world.Storage).Waiting == 0, "all of it is drained");

        await TestWorld.UntilAsync(
            async () => (await owner.RetryParkedAsync(claim.PagingToken, Operator)).IsSuccess, "the claim is taken in");
        world.Network.ClaimsAsked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_claims_than_may_be_asked_for_at_once_are_parked_and_the_watermark_goes_on()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var to = await payee.AddressAsync();
        world.Network.HoldFeed(true);
        for (var i = 0; i < BatchQuestions.Most; i++)
        {
            world.Network.Add(ledger => New(ledger, "claim_claimable_balance") with { To = to, BalanceId = $"aa{ledger}" });
        }

        world.Network.KnowsNothingOfOne = true;
        world.Network.Issue(to, 7);
        world.Network.HoldFeed(false);

        await payee.UntilBalanceAsync(7);
        (await world.Port<IParkedRows>().CountOpenAsync(Cancelled)).ShouldBe(BatchQuestions.Most);
        // Each batch of twenty ledgers may ask so often.
        world.Network.ClaimsAsked.Count.ShouldBeLessThanOrEqualTo(2 * BatchQuestions.Most);
    }

    private static long CursorOf(TestWorld world, TestUser user) =>
        (long)world.Storage.Stored(Grains.Storage.GrainState.Wallet, user.Key)["drained"]!["token"]!;

    private static LedgerOperation New(long ledger, string type) => new(
        (ledger << 32) | 4097, $"hash-{ledger}", null, true, type, null, null, null, null, ledger, DateTimeOffset.UnixEpoch, BalanceId: Id);
}
