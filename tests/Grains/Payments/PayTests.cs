using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

public sealed class PayTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task A_payment_goes_from_quote_to_success_and_both_balances_follow_the_ledger()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = await world.NewUserAsync();

        var quote = await payer.QuotedAsync(await payee.AddressAsync(), "12.5");
        var confirmed = await payer.ConfirmedAsync(quote.Id);
        confirmed.Status.ShouldBe(PaymentStatus.Signed);

        var ended = await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(875_000_000);
        await payee.UntilBalanceAsync(125_000_000);
        ended.TransactionHash.ShouldBe(confirmed.TransactionHash);
        var applied = world.Network.Look(l => l.Applied[ended.TransactionHash!]);
        (applied.Code, applied.Ledger).ShouldBe((null, ended.Ledger!.Value));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task The_platform_pays_the_fee_and_the_wallet_needs_no_XLM()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");

        var payment = await payer.PayAsync(world.Network.NewOutsider(), "1");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        var applied = world.Network.Look(l => l.Applied[payment.TransactionHash!]);
        applied.InnerHash.ShouldNotBe(applied.Hash);
        (await payer.ViewAsync()).Balances[0].Balance.ShouldBe(0);
    }

    [Fact]
    public async Task Until_the_ledgers_operation_arrives_a_paid_amount_stays_reserved()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.HoldFeed(true);

        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        var balance = await payer.UsdcAsync();
        (balance.Balance, balance.Reserved).ShouldBe((100_000_000, 40_000_000));
        world.Network.HoldFeed(false);
        await payer.UntilBalanceAsync(60_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        world.EventsOf("payment.succeeded").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Confirming_again_returns_the_same_payment_with_the_same_key_another_or_none()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "4");

        var answers = await Task.WhenAll(
            payer.ConfirmAsync(quote.Id, "a"), payer.ConfirmAsync(quote.Id, "a"), payer.ConfirmAsync(quote.Id, "b"),
            payer.ConfirmAsync(quote.Id));
        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        var later = await payer.ConfirmAsync(quote.Id, "a");

        answers.Select(a => a.Value!.TransactionHash).Distinct().Count().ShouldBe(1);
        later.Value!.Id.ShouldBe(quote.Id);
        await payer.UntilBalanceAsync(60_000_000);
        world.EventsOf("payment.signed").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_confirmed_one_payment_does_not_confirm_another()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var one = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        var two = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        await payer.ConfirmAsync(one.Id, "key");

        (await payer.ConfirmAsync(two.Id, "key")).Error!.Code.ShouldBe("idempotency_key_reused");

        (await payer.PaymentAsync(two.Id)).Status.ShouldBe(PaymentStatus.Pending);
    }

    [Fact]
    public async Task Payments_confirmed_together_go_out_one_after_the_other_and_all_arrive()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        var quotes = new List<PaymentId>();
        for (var i = 0; i < 5; i++)
        {
            quotes.Add((await payer.QuotedAsync(address, "1")).Id);
        }

        // The first waits for its ledger, so that the others, confirmed together, have to wait for it.
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);

        await payer.ConfirmedAsync(quotes[0]);
        await payer.UntilSubmittedAsync(quotes[0]);

        var confirmed = await Task.WhenAll(quotes[1..].Select(q => payer.ConfirmedAsync(q)));

        confirmed.ShouldAllBe(p => p.Status == PaymentStatus.Queued);
        world.Network.HoldPending(false);
        foreach (var quote in quotes)
        {
            await payer.UntilAsync(quote, PaymentStatus.Succeeded);
        }

        await payee.UntilBalanceAsync(50_000_000);
        await payer.UntilBalanceAsync(50_000_000);
    }

    [Fact]
    public async Task A_quote_or_a_waiting_payment_can_be_cancelled_and_a_signed_one_cannot()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var quoted = await payer.QuotedAsync(payee, "1");
        var waiting = await payer.QuotedAsync(payee, "2");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var signed = await payer.PayAsync(payee, "4");
        (await payer.ConfirmedAsync(waiting.Id)).Status.ShouldBe(PaymentStatus.Queued);

        (await payer.CancelAsync(quoted.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
        (await payer.CancelAsync(waiting.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
        (await payer.CancelAsync(quoted.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
        (await payer.CancelAsync(signed.Id)).Error!.Code.ShouldBe("payment_not_cancellable");

        (await payer.ConfirmAsync(quoted.Id)).Error!.Code.ShouldBe("payment_cancelled");
        world.Network.HoldPending(false);
        await payer.UntilAsync(signed.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task A_payment_unknown_to_the_wallet_is_not_found()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");

        (await payer.ConfirmAsync(PaymentId.New(TimeProvider.System))).Error!.Code.ShouldBe("payment_not_found");
        (await payer.CancelAsync(PaymentId.New(TimeProvider.System))).Error!.Code.ShouldBe("payment_not_found");
    }

    [Fact]
    public async Task Of_ended_payments_the_state_keeps_the_last_three_and_the_events_all()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var first = await payer.QuotedAsync(payee, "1");
        await payer.CancelAsync(first.Id);
        for (var i = 0; i < 5; i++)
        {
            await payer.CancelAsync((await payer.QuotedAsync(payee, "1")).Id);
        }

        await payer.QuotedAsync(payee, "1");

        var kept = (await payer.Wallet.GetSnapshotAsync(payer.Id)).Value!.Payments;
        (kept.Length, kept.Any(p => p.Id == first.Id)).ShouldBe((4, false));
        (await payer.Wallet.GetPaymentAsync(payer.Id, first.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
    }

    [Fact]
    public async Task A_payment_that_the_wallet_keeps_no_more_answers_a_late_confirm_and_cancel_as_before()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        var old = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(old.Id, PaymentStatus.Succeeded);
        var given = await payer.QuotedAsync(payee, "1");
        (await payer.CancelAsync(given.Id)).Error.ShouldBeNull();
        for (var i = 0; i < 8; i++)
        {
            await payer.UntilAsync((await payer.PayAsync(payee, "1")).Id, PaymentStatus.Succeeded);
        }

        // What the ledger has not told yet is kept, however many came after it.
        await payer.UntilBalanceAsync(910_000_000);
        (await payer.Wallet.GetSnapshotAsync(payer.Id)).Value!.Payments.ShouldAllBe(p => p.Id != old.Id && p.Id != given.Id);
        (await payer.ConfirmedAsync(old.Id)).Status.ShouldBe(PaymentStatus.Succeeded);
        (await payer.CancelAsync(old.Id)).Error!.Code.ShouldBe("payment_not_cancellable");
        (await payer.ConfirmAsync(given.Id)).Error!.Code.ShouldBe("payment_cancelled");
        (await payer.CancelAsync(given.Id)).Value!.Status.ShouldBe(PaymentStatus.Cancelled);
    }
}
