using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients;

/// <summary>The users of a run, and everything that the plan has them do.</summary>
internal sealed class ChaosClients(ChaosPlan plan, Uri frontDoor, Uri sandbox, ObservationLog log) : IDisposable
{
    private const int SignUpsAtOnce = 4;
    private const int MostRepeats = 1_500;

    private readonly HttpClient _sandbox = new() { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(20) };
    private readonly Outsider _outsider = new(sandbox, plan.Seed);
    private readonly ConcurrentDictionary<int, ChaosUser> _users = new();
    private readonly ConcurrentBag<(ChaosUser User, PaymentOrder Order)> _orders = [];
    private readonly string _domain = $"chaos{plan.Seed}.example.com";

    private int _lastUser = plan.Wallets - 1;

    /// <summary>Those who have a wallet.</summary>
    public IReadOnlyList<ChaosUser> Users => [.. _users.Values.Where(user => user.IsReady).OrderBy(user => user.Number)];

    /// <summary>What actions had to be given up, with the reason.</summary>
    public ConcurrentQueue<string> GivenUp { get; } = [];

    /// <summary>What was asked of the network itself and had no answer.</summary>
    public ConcurrentQueue<string> Unanswered { get; } = [];

    /// <summary>Signs everybody up, and gives them something to spend.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _outsider.PrepareAsync(cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Wallets),
            new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce, CancellationToken = cancellationToken },
            async (number, stop) =>
            {
                var user = Add(number);
                await user.EnterAsync(stop);
                // Some have plenty, some little, so that the balance refuses too.
                await IssueAsync(user, number % 4 == 3 ? 20 : 1_000, stop);
                if (number % 3 == 0)
                {
                    await user.PostAsync("/v1/wallet/friendbot", null, null, stop);
                }
            });
    }

    /// <summary>Carries the plan out, and waits until every action has its answer.</summary>
    public async Task RunAsync(long started, CancellationToken cancellationToken)
    {
        var running = new List<Task>(plan.Actions.Count);
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

    public void Dispose()
    {
        foreach (var user in _users.Values)
        {
            user.Dispose();
        }

        _outsider.Dispose();
        _sandbox.Dispose();
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
        var steps = new PaymentSteps(plan.Seed, action, payer, payee, _outsider.Address, _orders.Add);
        return action.Kind switch
        {
            ActionKind.SignUp => SignUpAsync(payer, action, stop),
            ActionKind.Deposit => IssueAsync(payer, 25, stop),
            ActionKind.OutsiderPays => OnceAsync(
                $"a payment of the outsider to user {payer.Number}", () => _outsider.PayAsync(payer.Address, $"back {action.Number}", stop), stop),
            _ => steps.RunAsync(stop),
        };
    }

    private async Task SignUpAsync(ChaosUser payer, PlannedAction action, CancellationToken stop)
    {
        var user = Add(Interlocked.Increment(ref _lastUser));
        await user.EnterAsync(stop);
        var order = PaymentOrder.Of(action with { ByAddress = false }, user, confirm: true, $"welcome-{plan.Seed}-{action.Number}");
        _orders.Add((payer, order));
        await payer.PostAsync(PaymentOrder.Path, order.Body, order.Key, stop);
    }

    private Task IssueAsync(ChaosUser user, int units, CancellationToken stop) => OnceAsync(
        $"a deposit to user {user.Number}",
        async () =>
        {
            using var response = await _sandbox.PostAsJsonAsync(
                "/admin/issue", new { account = user.Address, amount = $"{units}", asset = "USDC" }, stop);
        },
        stop);

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
