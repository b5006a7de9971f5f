using System.Collections.Concurrent;
using StellarPay.Chaos.Clients.Network;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Steps;

/// <summary>Payments that wait on the ledger: made, claimed by who comes late, and wanted back.</summary>
internal sealed class ClaimableSteps(ChaosNetwork network, int seed, Action<(ChaosUser, PaymentOrder)> remember) : IDisposable
{
    private const int Looks = 40;
    private const int Days = 1;
    private const long LeastStroops = 1_000_000;
    private const long MostStroops = 40_000_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<(ChaosUser Payer, string Payment)> _waiting = [];
    private readonly ConcurrentBag<Newcomer> _newcomers = [];

    /// <summary>Pays somebody who has no account, and tells the balance that waits; null if none does.</summary>
    public async Task SetAsideAsync(PlannedAction action, ChaosUser payer, bool claim, CancellationToken stop)
    {
        var newcomer = new Newcomer(network, $"chaos newcomer {seed} {action.Number}");
        _newcomers.Add(newcomer);
        var order = new PaymentOrder(
            newcomer.Address, "USDC", PaymentOrder.Decimal(LeastStroops + (action.Stroops % MostStroops)), action.Memo, Confirm: true,
            $"chaos-{seed}-{action.Number}-aside") { ReclaimAfterDays = Days };
        remember((payer, order));
        if ((await payer.PostAsync(PaymentOrder.Path, order.Body, order.Key, stop))?.Payment?.Id is not { } payment)
        {
            return;
        }

        if (!claim)
        {
            _waiting.Enqueue((payer, payment));
        }
        else if (await BalanceAsync(payer, payment, stop) is { } balance)
        {
            await newcomer.ClaimAsync(balance, stop);
        }
    }

    /// <summary>Wants one of those back; before its date that is refused.</summary>
    public async Task ReclaimAsync(PlannedAction action, CancellationToken stop)
    {
        var waiting = _waiting.ToArray();
        if (waiting.Length > 0)
        {
            await ReclaimAsync(waiting[action.Number % waiting.Length], stop);
        }
    }

    /// <summary>Wants every second one back. The others go on waiting, and are audited so.</summary>
    public Task ReclaimHalfAsync(CancellationToken stop) =>
        Task.WhenAll(_waiting.Where((_, i) => i % 2 == 0).Select(one => ReclaimAsync(one, stop)));

    public void Dispose()
    {
        foreach (var newcomer in _newcomers)
        {
            newcomer.Dispose();
        }
    }

    private static Task<Answer?> ReclaimAsync((ChaosUser Payer, string Payment) waiting, CancellationToken stop) =>
        waiting.Payer.PostAsync($"{PaymentOrder.Path}/{waiting.Payment}/reclaim", null, null, stop);

    private static async Task<string?> BalanceAsync(ChaosUser payer, string payment, CancellationToken stop)
    {
        for (var i = 0; i < Looks; i++)
        {
            var shown = await payer.GetAsync($"{PaymentOrder.Path}/{payment}", stop);
            if (shown?.Text("balance_id") is { } balance)
            {
                return balance;
            }

            if (shown?.Payment?.Status is "failed" or "expired" or "cancelled")
            {
                return null;
            }

            await Task.Delay(LookEvery, stop);
        }

        return null;
    }
}
