using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Claims;

/// <summary>
/// A thousand balances of spam and a real one. The bug kept away: what was not looked at yet filled the list, the real one behind
/// it waited for an hour.
/// </summary>
public sealed class ClaimSpamTests
{
    private const int Spam = 1_001;
    private const long Least = 100_000;
    private const long Real = 50_000_000;
    private static readonly string Creator = FakeNetwork.NewAddress();

    private const int RowsInDrain = 200;

    [Theory]
    [InlineData(0)]
    [InlineData(Spam / 2)]
    [InlineData(Spam)]
    public async Task One_that_the_follower_saw_is_claimed_at_once_whatever_is_around_it_that_cannot_be_claimed_for_long(int before)
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        var nextYear = world.Network.Look(l => l.ClosedAt.AddYears(1));
        // As large as the real one: it costs its maker nothing, who has it back next year.
        await SeenAsync(world, payee, before, () => (Real, ClaimableUsers.From(address, nextYear)), address);
        world.Network.HoldFeed(false);

        await payee.UntilBalanceAsync(Real);

        world.Storage.StoredClaims(payee.Key).Length.ShouldBeLessThanOrEqualTo(IncomingClaims.Most);
        world.Network.Look(_ => (world.Network.ClaimablesAsked, world.Network.ClaimablesListed)).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Spam)]
    public async Task One_that_the_follower_saw_goes_before_the_smaller_that_can_be_claimed_too(int before)
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        var real = await SeenAsync(world, payee, before, () => (Least, ClaimableUsers.Anytime(address)), address);

        // As it is when the transaction that claims it has been applied: a moment later the next may be.
        var (left, questions) = await ClaimedAsync(world, real);

        // It was in the first transaction after the drain that brought it, of which each has 200 rows; and a list of the rest is
        // asked for when these are through.
        var transactions = 2 + (before / RowsInDrain);
        left.ShouldBeGreaterThan(Spam - (transactions * IncomingClaims.Most));
        questions.ShouldBe((0, 0));
        await TestWorld.UntilAsync(async () => (await payee.UsdcAsync()).Balance >= Real, "the real one is claimed");
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(10));
            await world.SweepAsync();
            return world.Network.Look(l => l.Claimables.Count) == 0;
        }, "the small ones are claimed by and by");
        // Each time that those remembered are through, two or three answers show the rest: one of XLM, and of USDC a thousand each.
        world.Network.Look(_ => world.Network.ClaimablesListed).ShouldBeLessThanOrEqualTo(3 * (1 + (Spam / IncomingClaims.Most)));
        // The wallet is told of the last ones a moment after they are gone from the ledger.
        await TestWorld.UntilAsync(() => world.Storage.StoredClaims(payee.Key).Length == 0, "none is remembered");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, Spam)]
    [InlineData(false, 0)]
    [InlineData(false, Spam)]
    public async Task One_that_only_a_scan_finds_is_claimed_before_long(bool spamCanBeClaimed, int before)
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Down = true;
        var payee = world.NewUnopenedUser();
        var address = (await payee.OpenAsync()).Value!.Address!;
        var nextYear = world.Network.Look(l => l.ClosedAt.AddYears(1));
        world.Network.Look(l =>
        {
            l.Accounts[address] = new FakeAccount { Sequence = 7 };
            for (var i = 0; i <= Spam; i++)
            {
                var (stroops, claimant) = i == before ? (Real, ClaimableUsers.Anytime(address))
                    : spamCanBeClaimed ? (Least, ClaimableUsers.Anytime(address))
                    : (Real, ClaimableUsers.From(address, nextYear));
                var id = new ClaimableBalanceId(new Hash([.. BitConverter.GetBytes(i), .. new byte[28]])).ToString();
                l.Claimables.Add(id, new FakeClaimable(id, Creator, world.Network.Usdc, stroops, [claimant]));
            }

            return true;
        });
        world.Network.Down = false;

        await payee.UntilActiveAsync();
        var began = world.Business.GetUtcNow();
        await TestWorld.UntilAsync(async () =>
        {
            // No time passes while a transaction of its is under way: how long that takes is the machine's affair.
            if (world.Storage.StoredSubmission(payee.Key) is null)
            {
                world.Business.Advance(TimeSpan.FromSeconds(1));
            }

            await world.SweepAsync();
            return (await payee.UsdcAsync()).Balance >= Real;
        }, "what is real is claimed");
        (world.Business.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromMinutes(10));
        world.Network.Look(_ => world.Network.ClaimablesListed).ShouldBeLessThanOrEqualTo(20);
        world.Storage.StoredClaims(payee.Key).Length.ShouldBeLessThanOrEqualTo(IncomingClaims.Most);
    }

    // What was left, and what the network had been asked, when it was claimed.
    private static async Task<(int Left, (int Asked, int Listed) Questions)> ClaimedAsync(TestWorld world, string real)
    {
        var claimed = new TaskCompletionSource<(int, (int, int))>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Network.Look(l => l.OnApplied = () =>
        {
            if (!l.Claimables.ContainsKey(real))
            {
                claimed.TrySetResult((l.Claimables.Count, (world.Network.ClaimablesAsked, world.Network.ClaimablesListed)));
            }
        });
        world.Network.HoldFeed(false);
        return await claimed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    // All of it is on the ledger, and the follower waits; gives the real one's id.
    private static async Task<string> SeenAsync(
        TestWorld world, TestUser payee, int before, Func<(long Stroops, Claimant Claimant)> spam, string address)
    {
        await TestWorld.UntilAsync(
            () => !world.Storage.Stored("wallet", payee.Key).ContainsKey("sweepAt"), "the new wallet has looked for what there is");
        world.Network.Look(_ => world.Network.ClaimablesListed = 0);
        world.Network.HoldFeed(true);
        var real = "";
        for (var i = 0; i <= Spam; i++)
        {
            var (stroops, claimant) = i == before ? (Real, ClaimableUsers.Anytime(address)) : spam();
            var id = world.Network.SetAside(stroops, claimant);
            real = i == before ? id : real;
        }

        return real;
    }
}
