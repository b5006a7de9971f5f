using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Claims;

/// <summary>
/// A stranger keeps some balances set aside for a wallet and himself, and takes one back in each ledger, just before the wallet's
/// claim of it is applied, and sets another aside. He loses two fees of 100 stroops a ledger; all that shares the wallet's
/// transaction fails with it, each time.
/// </summary>
public sealed class TakenBackTests
{
    private const int Pool = 8;
    private const int Rounds = 20;
    private static readonly string Stranger = FakeNetwork.NewAddress();

    [Fact]
    public async Task What_somebody_sent_a_wallet_is_claimed_though_a_stranger_takes_one_of_his_own_balances_back_each_time()
    {
        await using var world = await TestWorld.StartAsync();
        var payee = await world.NewUserAsync();
        world.Network.HoldFeed(true);
        var genuine = world.Network.SetAside(50_000_000, ClaimableUsers.Anytime(await payee.AddressAsync()));
        var attack = new Attack(world, await payee.AddressAsync());
        world.Network.HoldFeed(false);

        await world.SweepUntilAsync(() => Taken(world, genuine) || attack.Rounds >= Rounds);

        Taken(world, genuine).ShouldBeTrue($"in {attack.Rounds} transactions, whose fees the platform paid, it was not claimed");
    }

    [Fact]
    public async Task A_payer_gets_his_own_back_though_a_stranger_takes_one_of_his_own_balances_back_each_time()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 1);
        world.Pass(TimeSpan.FromDays(2));
        await TestWorld.UntilAsync(
            async () => (await world.Port<NetworkClock>().GetAsync(TestContext.Current.CancellationToken)).ClosedAt
                > paid.Claimable!.ReclaimableAfter,
            "the wallet knows what time it is");
        world.Network.HoldFeed(true);
        var attack = new Attack(world, await payer.AddressAsync());
        world.Network.HoldFeed(false);
        await TestWorld.UntilAsync(() => attack.Rounds > 1, "the attack is under way");

        (await payer.ReclaimAsync(paid)).Error.ShouldBeNull();
        await world.SweepUntilAsync(() => Taken(world, paid.Claimable!.BalanceId!) || attack.Rounds >= Rounds);

        Taken(world, paid.Claimable!.BalanceId!).ShouldBeTrue($"in {attack.Rounds} transactions it was not given back");
    }

    private static bool Taken(TestWorld world, string balance) => world.Network.Look(l => !l.Claimables.ContainsKey(balance));

    /// <summary>As each transaction of the wallet is signed, the oldest of the stranger's balances goes and another comes.</summary>
    private sealed class Attack
    {
        private readonly TestWorld _world;
        private readonly string _victim;
        private readonly Queue<string> _pool;

        public Attack(TestWorld world, string victim)
        {
            (_world, _victim) = (world, victim);
            world.Network.Look(l =>
            {
                var account = new FakeAccount { Sequence = 1, Native = 100 };
                account.Trustlines[world.Network.Usdc] = new FakeTrustline();
                return l.Accounts[Stranger] = account;
            });
            _pool = new Queue<string>(Enumerable.Range(0, Pool).Select(_ => SetAside()));
            Arm();
        }

        public int Rounds { get; private set; }

        private void Arm() => _world.Faults.Arm(FaultPoint.PaymentSigned, _ =>
        {
            Rounds++;
            _world.Network.ClaimByOther(_pool.Dequeue(), Stranger);
            _pool.Enqueue(SetAside());
            Arm();
            return Task.CompletedTask;
        });

        private string SetAside() =>
            _world.Network.SetAside(100_000, ClaimableUsers.Anytime(_victim), ClaimableUsers.Anytime(Stranger));
    }
}
