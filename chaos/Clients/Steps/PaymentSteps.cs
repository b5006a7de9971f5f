using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Steps;

/// <summary>The steps of one action that is about payments.</summary>
internal sealed class PaymentSteps(
    int seed, PlannedAction action, ChaosUser payer, ChaosUser payee, string outsider, Action<(ChaosUser, PaymentOrder)> remember)
{
    private const int BurstSize = 5;
    private const int OutsiderPayments = 3;

    public Task RunAsync(CancellationToken stop) => action.Kind switch
    {
        ActionKind.PayAtOnce => PayAsync("pay", stop),
        ActionKind.QuoteAndConfirm => QuoteAndConfirmAsync(stop),
        ActionKind.Abandon => QuoteAsync(stop),
        ActionKind.QuoteAndCancel => QuoteAndCancelAsync(stop),
        ActionKind.ConfirmAgainstCancel => ConfirmAgainstCancelAsync(stop),
        ActionKind.Repeat => RepeatAsync(stop),
        ActionKind.Race => Task.WhenAll(PayAsync("race", stop), PayAsync("race", stop)),
        ActionKind.ConfirmRace => ConfirmRaceAsync(stop),
        ActionKind.HangUp => HangUpAsync(stop),
        ActionKind.ReuseKey => ReuseKeyAsync(stop),
        ActionKind.Burst => Task.WhenAll(Enumerable.Range(0, BurstSize).Select(i => PayAsync($"burst{i}", stop))),
        ActionKind.Trespass => TrespassAsync(stop),
        ActionKind.PayByPath => PayByPathAsync(stop),
        ActionKind.PayOutsider => Task.WhenAll(Enumerable.Range(0, OutsiderPayments).Select(i => PayOutsiderAsync($"outside{i}", stop))),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action.Kind, "This action is not about payments."),
    };

    private string Key(string step) => $"chaos-{seed}-{action.Number}-{step}";

    private PaymentOrder Order(string step, bool confirm)
    {
        var order = PaymentOrder.Of(action, payee, confirm, Key(step));
        remember((payer, order));
        return order;
    }

    private Task<Answer?> PayAsync(string step, CancellationToken stop) => PostAsync(Order(step, confirm: true), stop);

    private Task<Answer?> PostAsync(PaymentOrder order, CancellationToken stop) =>
        payer.PostAsync(PaymentOrder.Path, order.Body, order.Key, stop);

    private async Task<string?> QuoteAsync(CancellationToken stop) =>
        (await PostAsync(Order("quote", confirm: false), stop))?.Payment?.Id;

    private Task<Answer?> ConfirmAsync(string payment, string step, CancellationToken stop) =>
        payer.PostAsync($"{PaymentOrder.Path}/{payment}/confirm", null, Key(step), stop);

    private Task<Answer?> CancelAsync(string payment, CancellationToken stop) =>
        payer.PostAsync($"{PaymentOrder.Path}/{payment}/cancel", null, null, stop);

    // Each finds room when it is quoted; together there may be too little.
    private Task<Answer?> PayOutsiderAsync(string step, CancellationToken stop)
    {
        var order = PaymentOrder.Of(action, payee, confirm: true, Key(step)) with { Recipient = outsider, Asset = "USDC" };
        remember((payer, order));
        return PostAsync(order, stop);
    }

    // Who was given XLM spends that, the others spend USDC; now and then what is spent is exact.
    private Task<Answer?> PayByPathAsync(CancellationToken stop)
    {
        var (source, asset) = payer.HasLumens ? ("XLM", "USDC") : ("USDC", "XLM");
        var order = PaymentOrder.Of(action, payee, confirm: true, Key("path")) with
        {
            Asset = asset, SourceAsset = source, SourceIsExact = action.Number % 3 == 0, Amount = PaymentOrder.Decimal(PathStroops),
        };
        remember((payer, order));
        return PostAsync(order, stop);
    }

    // Not so little that it comes to nothing at the other end.
    private long PathStroops => 1_000 + (action.Stroops % 50_000_000);

    private async Task QuoteAndConfirmAsync(CancellationToken stop)
    {
        if (await QuoteAsync(stop) is { } payment)
        {
            await Task.Delay(action.Pause, stop);
            await ConfirmAsync(payment, "confirm", stop);
            await payer.GetAsync($"{PaymentOrder.Path}/{payment}", stop);
        }
    }

    private async Task QuoteAndCancelAsync(CancellationToken stop)
    {
        if (await QuoteAsync(stop) is { } payment)
        {
            await Task.Delay(action.Pause, stop);
            await CancelAsync(payment, stop);
            await ConfirmAsync(payment, "late", stop);
        }
    }

    private async Task ConfirmAgainstCancelAsync(CancellationToken stop)
    {
        if (await QuoteAsync(stop) is { } payment)
        {
            await Task.WhenAll(ConfirmAsync(payment, "confirm", stop), CancelAsync(payment, stop));
        }
    }

    private async Task RepeatAsync(CancellationToken stop)
    {
        for (var i = 0; i < 3; i++)
        {
            await PayAsync("repeat", stop);
            await Task.Delay(action.Pause, stop);
        }
    }

    private async Task ConfirmRaceAsync(CancellationToken stop)
    {
        if (await QuoteAsync(stop) is { } payment)
        {
            await Task.WhenAll(ConfirmAsync(payment, "confirm1", stop), ConfirmAsync(payment, "confirm2", stop));
        }
    }

    private async Task HangUpAsync(CancellationToken stop)
    {
        var order = Order("hangup", confirm: true);
        await payer.PostOnceAsync(PaymentOrder.Path, order.Body, order.Key, action.Pause / 8, stop);
        await Task.Delay(action.Pause, stop);
        await PostAsync(order, stop);
    }

    private async Task ReuseKeyAsync(CancellationToken stop)
    {
        var order = Order("reuse", confirm: true);
        await PostAsync(order, stop);
        await PostAsync(order with { Amount = order.Amount == "1" ? "2" : "1" }, stop);
    }

    // The stranger knows the id and has an account of his own; that must not be enough.
    private async Task TrespassAsync(CancellationToken stop)
    {
        if (await QuoteAsync(stop) is { } payment)
        {
            await payee.GetAsync($"{PaymentOrder.Path}/{payment}", stop);
            await payee.PostAsync($"{PaymentOrder.Path}/{payment}/confirm", null, Key("trespass"), stop);
            await payee.PostAsync($"{PaymentOrder.Path}/{payment}/cancel", null, null, stop);
        }
    }
}
