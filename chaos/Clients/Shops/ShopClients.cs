using System.Diagnostics;
using StellarPay.Chaos.Clients.Network;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>The merchants of a run, who pays them from outside, and the servers that are told of it.</summary>
internal sealed class ShopClients : IAsyncDisposable
{
    private const int Customers = 3;

    // Far beyond what is planned.
    private const int LastNumber = 1_000_000;

    private static readonly ReceiverMode[] LastModes = [ReceiverMode.Fails, ReceiverMode.Resets, ReceiverMode.IsGone];

    private readonly ChaosPlan _plan;
    private readonly Action<(ChaosUser, PaymentOrder)> _remember;
    private readonly ChaosShop[] _shops;
    private readonly Customer[] _customers;

    public ShopClients(
        ChaosPlan plan, Uri frontDoor, ChaosNetwork network, ObservationLog log, Action<(ChaosUser, PaymentOrder)> remember)
    {
        (_plan, _remember) = (plan, remember);
        _shops = [.. Enumerable.Range(0, ChaosPlan.Shops).Select(number => new ChaosShop(number, plan.Seed, frontDoor, log))];
        _customers = [.. Enumerable.Range(0, Customers).Select(number => new Customer(network, $"chaos customer {plan.Seed} {number}"))];
    }

    public IReadOnlyList<ChaosShop> Shops => _shops;

    /// <summary>Opens everybody's account, while all is well.</summary>
    public Task PrepareAsync(Func<int, ChaosUser> ownerOf, CancellationToken cancellationToken) => Task.WhenAll(
        _shops.Select(shop => shop.PrepareAsync(ownerOf(shop.Number), cancellationToken))
            .Concat(_customers.Select(customer => customer.PrepareAsync(cancellationToken))));

    /// <summary>One action of a merchant and its customers; the user is the one who pays from a wallet.</summary>
    public Task ActAsync(PlannedAction action, ChaosUser user, CancellationToken stop) => new SaleSteps(
        _plan.Seed, action, _shops[action.Number % _shops.Length], _customers[action.Number % Customers],
        _customers[(action.Number + 1) % Customers], user, _remember).RunAsync(stop);

    /// <summary>Has each merchant's server do what the plan says, and take everything in the end.</summary>
    public async Task RunReceiversAsync(long started, CancellationToken cancellationToken)
    {
        foreach (var receiver in _plan.Receivers)
        {
            var wait = receiver.At - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            await _shops[receiver.Shop].Receiver.SetAsync(receiver.Mode);
        }

        foreach (var shop in _shops)
        {
            await shop.Receiver.SetAsync(ReceiverMode.Takes);
        }
    }

    /// <summary>
    /// Once all is healed: each kind of sale once more, for what was tried before may have come to nothing, and servers fail meanwhile in a
    /// way of their own; then one merchant is told all again.
    /// </summary>
    public async Task FinishAsync(Func<int, ChaosUser> userOf, CancellationToken stop)
    {
        foreach (var (shop, mode) in _shops.Zip(LastModes))
        {
            await shop.Receiver.SetAsync(mode);
        }

        await Task.WhenAll(LastSales().Select(action => ActAsync(action, userOf(action.Payer), stop)));
        foreach (var shop in _shops)
        {
            await shop.Receiver.SetAsync(ReceiverMode.Takes);
        }

        await _shops[0].ReplayAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shop in _shops)
        {
            await shop.DisposeAsync();
        }

        foreach (var customer in _customers)
        {
            customer.Dispose();
        }
    }

    // Where a number decides how it goes on, each way once.
    private static IEnumerable<PlannedAction> LastSales() =>
        from kind in ChaosPlan.Sales
        from way in Enumerable.Range(0, WaysOf(kind))
        select new PlannedAction(
            LastNumber + (((int)kind * 12) + way), TimeSpan.Zero, kind, way, 0, ByAddress: false, "USDC", 10_000_000 + way, Memo: null,
            TimeSpan.FromMilliseconds(20));

    private static int WaysOf(ActionKind kind) => kind switch
    {
        ActionKind.SellLate => 3,
        // Who has paid much today may pay no more.
        ActionKind.PaySession => 3,
        ActionKind.ForgetMemo => 4,
        _ => 1,
    };
}
