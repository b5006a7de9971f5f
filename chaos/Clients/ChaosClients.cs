using System.Collections.Concurrent;
using System.Diagnostics;
using StellarPay.Chaos.Clients.Hub;
using StellarPay.Chaos.Clients.Network;
using StellarPay.Chaos.Clients.Shops;
using StellarPay.Chaos.Clients.Steps;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients;

/// <summary>The users of a run, and everything that the plan has them do.</summary>
internal sealed class ChaosClients(ChaosPlan plan, Uri frontDoor, ChaosNetwork network, ObservationLog log) : IAsyncDisposable
{
    private const int SignUpsAtOnce = 4;
    private const int MostRepeats = 1_500;
    private const int HubWatches = 6;
    private const int AdministratorNumber = 9_000;

    private readonly Outsider _outsider = new(network, plan.Seed);
    private readonly MarketMaker _market = new(network, plan.Seed);
    private readonly ConcurrentDictionary<int, ChaosUser> _users = new();
    private readonly ConcurrentBag<(ChaosUser User, PaymentOrder Order)> _orders = [];
    private readonly string _domain = $"chaos{plan.Seed}.example.com";
    private readonly ScheduleSteps _schedules = new(plan.Seed, TimeProvider.System);
    private readonly List<HubWatch> _hub = [];

    private ClaimableSteps? _claimables;
    private ShopClients? _sales;
    private ChaosUser? _administratorsUser;
    private Administrator? _administrator;
    private string _platformAddress = "";
    private int _lastUser = plan.Wallets - 1;

    /// <summary>Those who have a wallet.</summary>
    public IReadOnlyList<ChaosUser> Users => [.. _users.Values.Where(user => user.IsReady).OrderBy(user => user.Number)];

    /// <summary>What actions had to be given up, with the reason.</summary>
    public ConcurrentQueue<string> GivenUp { get; } = [];

    /// <summary>What was asked of the network itself and had no answer.</summary>
    public ConcurrentQueue<string> Unanswered { get; } = [];

    /// <summary>What the hub has shown to those who watch it.</summary>
    public IReadOnlyDictionary<int, HubPicture> HubPictures => _hub.ToDictionary(watch => watch.User, watch => watch.View.Picture());

    /// <summary>The merchants.</summary>
    public IReadOnlyList<ChaosShop> Shops => Sales.Shops;

    private ShopClients Sales => _sales ??= new(plan, frontDoor, network, log, _orders.Add);

    private ClaimableSteps Claimables => _claimables ??= new(network, plan.Seed, _orders.Add);

    private Administrator Admin => _administrator ?? throw new ChaosException("There is no administrator.");

    /// <summary>Signs everybody up, and gives them something to spend.</summary>
    /// <param name="makeAdministrator">Gives the user of an e-mail address the role.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task PrepareAsync(Func<string, CancellationToken, Task> makeAdministrator, CancellationToken cancellationToken)
    {
        await _outsider.PrepareAsync(cancellationToken);
        await _market.PrepareAsync(cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Wallets),
            new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce, CancellationToken = cancellationToken },
            async (number, stop) =>
            {
                var user = Add(number);
                await user.EnterAsync(stop);
                // Some have plenty, some little, so that the balance refuses too.
                await IssueAsync(user, number % 4 == 3 ? 20 : 1_000, stop);
                if (user.HasLumens)
                {
                    await user.PostAsync("/v1/wallet/friendbot", null, null, stop);
                }
            });
        _administratorsUser = new ChaosUser(AdministratorNumber, frontDoor, _domain, log);
        _administrator = new Administrator(_administratorsUser);
        await _administrator.PrepareAsync(makeAdministrator, cancellationToken);
        // Known to everybody who looks at the ledger: who carries a wallet's reserve is an account of the platform.
        _platformAddress = await network.SponsorOfAsync(_users[0].Address, cancellationToken)
            ?? throw new ChaosException("Nobody sponsors a wallet's account.");
        await ScheduleFirstAsync(cancellationToken);
        await SetAsideFirstAsync(cancellationToken);
        await Sales.PrepareAsync(number => _users[number % plan.Wallets], cancellationToken);
        _hub.AddRange(Enumerable.Range(0, Math.Min(HubWatches, plan.Wallets)).Select(number => new HubWatch(_users[number], frontDoor)));
    }

    /// <summary>Carries the plan out, and waits until every action has its answer.</summary>
    public async Task RunAsync(long started, CancellationToken cancellationToken)
    {
        var running = new List<Task>(plan.Actions.Count + 1) { Sales.RunReceiversAsync(started, cancellationToken) };
        foreach (var action in plan.Actions)
        {
            var wait = action.At - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            running.Add(ActAsync(action, cancellationToken));
        }

        await Task.WhenAll(running);
    }

    /// <summary>Asks again for what was asked under a key: the answer must be the same payment.</summary>
    public Task RepeatAllAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _orders.Take(MostRepeats),
        new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce, CancellationToken = cancellationToken },
        async (made, stop) => await made.User.PostAsync(PaymentOrder.Path, made.Order.Body, made.Order.Key, stop));

    /// <summary>Once all is healed: what waits for somebody's decision gets one, but for some of each kind.</summary>
    public async Task DecideRestAsync(CancellationToken cancellationToken)
    {
        var sales = Sales.FinishAsync(number => _users[number % plan.Wallets], cancellationToken);
        await Claimables.ReclaimHalfAsync(cancellationToken);
        // One for each outcome, and one to stay; what was decided before may have come to nothing.
        for (var i = 0; i <= Administrator.Outcomes; i++)
        {
            await _outsider.PayLumensAsync(_platformAddress, 1_000_000 + i, $"lost at last {i}", cancellationToken);
        }

        await Admin.DecideEachAsync(_users[0], cancellationToken);
        await sales;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _hub)
        {
            await watch.DisposeAsync();
        }

        foreach (var user in _users.Values)
        {
            user.Dispose();
        }

        if (_sales is not null)
        {
            await _sales.DisposeAsync();
        }

        _administrator?.Dispose();
        _administratorsUser?.Dispose();
        _claimables?.Dispose();
        _market.Dispose();
        _outsider.Dispose();
    }

    // Whatever else comes about, this is one that a day finds due again.
    private Task ScheduleFirstAsync(CancellationToken cancellationToken)
    {
        var daily = plan.Actions.First(action => action.Kind == ActionKind.ScheduleDaily) with { Number = -1 };
        return _schedules.ScheduleAsync(daily, _users[0], _users[1], "daily", cancellationToken);
    }

    // And this is one that its payer can have back at the end: a day has gone by for it.
    private Task SetAsideFirstAsync(CancellationToken cancellationToken)
    {
        var aside = plan.Actions.First(action => action.Kind == ActionKind.SetAside) with { Number = -2 };
        return Claimables.SetAsideAsync(aside, _users[0], claim: false, cancellationToken);
    }

    private ChaosUser Add(int number) => _users[number] = new ChaosUser(number, frontDoor, _domain, log);

    private async Task ActAsync(PlannedAction action, CancellationToken cancellationToken)
    {
        try
        {
            await StepsOf(action, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GivenUp.Enqueue($"action {action.Number} ({action.Kind}) had no answer in time");
        }
    }

    private Task StepsOf(PlannedAction action, CancellationToken stop)
    {
        var (payer, payee) = (_users[action.Payer], _users[action.Payee]);
        if (ChaosPlan.Sales.Contains(action.Kind))
        {
            return Sales.ActAsync(action, payer, stop);
        }

        var steps = new PaymentSteps(plan.Seed, action, payer, payee, _outsider.Address, _orders.Add);
        return action.Kind switch
        {
            ActionKind.SignUp => SignUpAsync(payer, action, stop),
            ActionKind.Deposit => IssueAsync(payer, 25, stop),
            ActionKind.OutsiderPays => OnceAsync(
                $"a payment of the outsider to user {payer.Number}", () => _outsider.PayAsync(payer.Address, $"back {action.Number}", stop), stop),
            ActionKind.SetAside => Claimables.SetAsideAsync(action, payer, claim: false, stop),
            ActionKind.SetAsideAndClaim => Claimables.SetAsideAsync(action, payer, claim: true, stop),
            ActionKind.Reclaim => Claimables.ReclaimAsync(action, stop),
            ActionKind.OutsiderSetsAside => OnceAsync(
                $"what the outsider sets aside for user {payer.Number}",
                () => _outsider.SetAsideAsync(payer.Address, MoreThanDust(action), stop), stop),
            ActionKind.ScheduleOnce => _schedules.ScheduleAsync(action, payer, payee, "once", stop),
            ActionKind.ScheduleDaily => _schedules.ScheduleAsync(action, payer, payee, "daily", stop),
            ActionKind.RotateKey => payer.PostAsync("/v1/wallet/rotate-key", null, null, stop),
            ActionKind.AdministratorRotatesKey => Admin.RotateKeyAsync(payer, stop),
            ActionKind.PayPlatform => OnceAsync(
                "a payment of the outsider to the platform",
                () => _outsider.PayLumensAsync(_platformAddress, MoreThanDust(action), $"lost {action.Number}", stop), stop),
            ActionKind.DecideSuspended => Admin.DecideAsync(action, payee, stop),
            _ => steps.RunAsync(stop),
        };
    }

    private static long MoreThanDust(PlannedAction action) => 1_000_000 + (action.Stroops % 10_000_000);

    private async Task SignUpAsync(ChaosUser payer, PlannedAction action, CancellationToken stop)
    {
        var user = Add(Interlocked.Increment(ref _lastUser));
        await user.EnterAsync(stop);
        var order = PaymentOrder.Of(action with { ByAddress = false }, user, confirm: true, $"welcome-{plan.Seed}-{action.Number}");
        _orders.Add((payer, order));
        await payer.PostAsync(PaymentOrder.Path, order.Body, order.Key, stop);
    }

    private Task IssueAsync(ChaosUser user, int units, CancellationToken stop) =>
        OnceAsync($"a deposit to user {user.Number}", () => network.IssueAsync(user.Address, units, stop), stop);

    // Asked for once: whether it came about is for the ledger to say.
    private async Task OnceAsync(string what, Func<Task> ask, CancellationToken stop)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Unanswered.Enqueue($"{what} had no answer");
        }
    }
}
