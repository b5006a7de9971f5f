using System.Globalization;
using StellarPay.Chaos.Clients.Network;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>The steps of one action of a merchant and its customers.</summary>
internal sealed class SaleSteps(
    int seed, PlannedAction action, ChaosShop shop, Customer customer, Customer other, ChaosUser user,
    Action<(ChaosUser, PaymentOrder)> remember)
{
    private const int LeastCents = 30;
    private const int MostCents = 300;
    private const long StroopsACent = 100_000;
    private const int MostSeconds = 86_400;
    private const int FewSeconds = 60;
    private const long Lumens = 30_000_000;
    private const int Looks = 30;
    private const int Decisions = 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private int Cents => LeastCents + (int)(action.Stroops % MostCents);

    public Task RunAsync(CancellationToken stop) => action.Kind switch
    {
        ActionKind.Sell => SellAsync(stop),
        ActionKind.SellInParts => SellInPartsAsync(stop),
        ActionKind.SellOver => SoldAsync("over", session => PayAsync(customer, session, session.Stroops + (StroopsACent * 10), stop), stop),
        ActionKind.SellTwice => SoldAsync(
            "twice", session => Task.WhenAll(PayAsync(customer, session, stop), PayAsync(other, session, stop)), stop),
        ActionKind.SellInWrongAsset => SellInWrongAssetAsync(stop),
        ActionKind.SellLate => SellLateAsync(stop),
        ActionKind.SellAtTheEnd => SellAtTheEndAsync(stop),
        ActionKind.CancelAgainstPayer => SoldAsync(
            "cancel", session => Task.WhenAll(PayAsync(customer, session, stop), CancelAsync(session, stop)), stop),
        ActionKind.PaySession => SoldAsync("wallet", session => PayFromWalletAsync(session, stop), stop),
        ActionKind.RefundWhole => RefundWholeAsync(stop),
        ActionKind.RefundInParts => RefundInPartsAsync(stop),
        ActionKind.RefundTwice => RefundTwiceAsync(stop),
        ActionKind.ForgetMemo => ForgetMemoAsync(stop),
        ActionKind.SellAtOwnAddress => SellAtOwnAddressAsync(stop),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action.Kind, "This action is no merchant's."),
    };

    private string Key(string step) => $"sale-{seed}-{action.Number}-{step}";

    // Each call under its key once more: the same session, or one that there is none.
    private async Task<ShopSession?> NewSessionAsync(string step, CancellationToken stop, string? clock = null, int seconds = MostSeconds)
    {
        var body = new
        {
            amount = Cents, currency = "USD", assets = new[] { "USDC" }, expires_in = seconds, test_clock = clock ?? shop.Clock,
            description = $"Action {action.Number}",
        };
        var made = shop.PostAsync(ShopSession.Path, body, Key(step), stop);
        if (action.Number % 2 == 0)
        {
            await shop.PostAsync(ShopSession.Path, body, Key(step), stop);
        }

        return await made is { IsSuccess: true } session ? new ShopSession(shop, session.Text("id")!, Cents * StroopsACent) : null;
    }

    private async Task SoldAsync(string step, Func<ShopSession, Task> pay, CancellationToken stop)
    {
        if (await NewSessionAsync(step, stop) is { } session)
        {
            await pay(session);
        }
    }

    // One in four by a clock that goes on: once a day has gone by on the ledger, what is paid is late there.
    private async Task SellAsync(CancellationToken stop)
    {
        var body = new { amount = Cents, currency = "USD", assets = new[] { "USDC" }, expires_in = FewSeconds };
        if (action.Number % 4 != 0)
        {
            await SoldAsync("sell", session => PayAsync(customer, session, stop), stop);
        }
        else if (await shop.PostAsync(ShopSession.Path, body, Key("sell"), stop) is { IsSuccess: true } made)
        {
            await PayAsync(customer, new ShopSession(shop, made.Text("id")!, Cents * StroopsACent), stop);
        }
    }

    private Task SellInPartsAsync(CancellationToken stop) => SoldAsync(
        "parts",
        async session =>
        {
            var part = session.Stroops / 3;
            await PayAsync(customer, session, part, stop);
            await Task.Delay(action.Pause, stop);
            await PayAsync(other, session, session.Stroops - part, stop);
        },
        stop);

    private Task SellInWrongAssetAsync(CancellationToken stop) => SoldAsync(
        "wrong",
        async session =>
        {
            await OnceAsync(() => customer.PayLumensAsync(shop.Address, Lumens, session.Id, stop), stop);
            await PayAsync(other, session, stop);
        },
        stop);

    private Task SellLateAsync(CancellationToken stop) => SoldAsync(
        "late",
        async session =>
        {
            await session.CancelAsync(stop);
            await PayAsync(customer, session, stop);
            await DecideLateAsync(session, stop);
        },
        stop);

    private async Task SellAtTheEndAsync(CancellationToken stop)
    {
        if (await shop.NewClockAsync(Key("end"), stop) is not { } clock || await NewSessionAsync("end", stop, clock, FewSeconds) is not { } session)
        {
            return;
        }

        var end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + (FewSeconds * 2);
        await Task.WhenAll(
            PayAsync(customer, session, stop),
            shop.PostAsync($"/v1/test_helpers/test_clocks/{clock}/advance", new { frozen_time = end }, null, stop));
        // Whichever was first: this one is late, or too much.
        await PayAsync(other, session, stop);
    }

    // Accepted, or given back; or asked for both at once, of which one at most comes about.
    private async Task DecideLateAsync(ShopSession session, CancellationToken stop)
    {
        if (await session.UntilPaymentAsync("late", stop) is not { } payment)
        {
            return;
        }

        var accept = (action.Number % 3) != 1;
        var refund = (action.Number % 3) != 0;
        await Task.WhenAll(
            accept ? shop.PostAsync($"{ShopSession.Path}/{session.Id}/accept", new { payment }, null, stop) : Task.CompletedTask,
            refund ? session.RefundAsync(Key("back"), stop, payment: payment) : Task.CompletedTask);
    }

    private async Task CancelAsync(ShopSession session, CancellationToken stop)
    {
        await Task.Delay(action.Pause, stop);
        await session.CancelAsync(stop);
    }

    private async Task PayFromWalletAsync(ShopSession session, CancellationToken stop)
    {
        var order = PaymentOrder.OfSession(session.Id, Key("pay"));
        remember((user, order));
        await user.PostAsync(PaymentOrder.Path, order.Body, order.Key, stop);
    }

    private Task RefundWholeAsync(CancellationToken stop) => PaidAsync(
        "whole", session => Task.WhenAll(session.RefundAsync(Key("refund"), stop), session.RefundAsync(Key("refund"), stop)), stop);

    private Task RefundInPartsAsync(CancellationToken stop) => PaidAsync(
        "shares",
        async session =>
        {
            await session.RefundAsync(Key("first"), stop, cents: Cents / 3);
            await session.RefundAsync(Key("first"), stop, cents: Cents / 3);
            await session.RefundAsync(Key("rest"), stop, cents: Cents - (Cents / 3));
        },
        stop);

    private Task RefundTwiceAsync(CancellationToken stop) => PaidAsync(
        "again", session => Task.WhenAll(session.RefundAsync(Key("one"), stop), session.RefundAsync(Key("other"), stop)), stop);

    // By a customer or by a wallet, in turn.
    private Task PaidAsync(string step, Func<ShopSession, Task> then, CancellationToken stop) => SoldAsync(
        step,
        async session =>
        {
            await (action.Number % 2 == 0 ? PayAsync(customer, session, stop) : PayFromWalletAsync(session, stop));
            if (await session.UntilPaidAsync(stop) is not null)
            {
                await then(session);
            }
        },
        stop);

    private async Task ForgetMemoAsync(CancellationToken stop)
    {
        var memo = string.Create(CultureInfo.InvariantCulture, $"lost {action.Number}");
        await OnceAsync(() => customer.PayAsync(shop.Address, Cents * StroopsACent, memo, stop), stop);
        if (await UntilReceiptAsync(memo, stop) is not { } receipt)
        {
            return;
        }

        switch (action.Number % Decisions)
        {
            case 0:
                await shop.PostAsync($"/v1/unmatched_receipts/{receipt}/topup", null, null, stop);
                break;
            case 1:
                await shop.PostAsync($"/v1/unmatched_receipts/{receipt}/refund", null, null, stop);
                break;
            case 2 when await NewSessionAsync("assign", stop) is { } session:
                await shop.PostAsync($"/v1/unmatched_receipts/{receipt}/assign", new { payment_session = session.Id }, null, stop);
                break;
        }
    }

    // By no test clock: its account lives by the ledger.
    private async Task SellAtOwnAddressAsync(CancellationToken stop)
    {
        var body = new
        {
            amount = Cents, currency = "USD", assets = new[] { "USDC" }, expires_in = MostSeconds, offer_dedicated_address = true,
        };
        if (await shop.PostAsync(ShopSession.Path, body, Key("own"), stop) is not { IsSuccess: true } made)
        {
            return;
        }

        var session = new ShopSession(shop, made.Text("id")!, Cents * StroopsACent);
        if (await session.UntilOwnAddressAsync(stop) is not { } address)
        {
            return;
        }

        var part = action.Number % 3 == 1 ? session.Stroops / 3 : session.Stroops;
        await Task.WhenAll(
            OnceAsync(() => customer.PayAsync(address, part, memo: null, stop), stop),
            action.Number % 3 == 2 ? CancelAsync(session, stop) : Task.CompletedTask);
        if (part < session.Stroops)
        {
            await OnceAsync(() => other.PayAsync(address, session.Stroops - part, memo: null, stop), stop);
        }
    }

    private async Task<string?> UntilReceiptAsync(string memo, CancellationToken stop)
    {
        for (var i = 0; i < Looks; i++)
        {
            var page = await shop.GetAsync("/v1/unmatched_receipts?status=unmatched&limit=100", stop);
            if (page is { IsSuccess: true } && page.Body.GetProperty("data").EnumerateArray()
                .FirstOrDefault(receipt => receipt.GetProperty("memo").ValueEquals(memo)) is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } found)
            {
                return found.GetProperty("id").GetString();
            }

            await Task.Delay(LookEvery, stop);
        }

        return null;
    }

    private Task PayAsync(Customer by, ShopSession session, CancellationToken stop) => PayAsync(by, session, session.Stroops, stop);

    private Task PayAsync(Customer by, ShopSession session, long stroops, CancellationToken stop) =>
        OnceAsync(() => by.PayAsync(shop.Address, stroops, session.Id, stop), stop);

    // Asked for once: whether it came about is for the ledger to say.
    private static async Task OnceAsync(Func<Task> pay, CancellationToken stop)
    {
        try
        {
            await pay();
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // It had no answer.
        }
    }
}
