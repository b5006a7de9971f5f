using StellarPay.Grains.Events;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>The network's answer is late, lost or strange; the payment is applied once or fails for good, and it is known which.</summary>
public sealed class AmbiguousOutcomeTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Theory]
    [InlineData(Answer.TimeOutAfterApplying)]
    [InlineData(Answer.TimeOutWithoutApplying)]
    [InlineData(Answer.TooManyRequests)]
    [InlineData(Answer.PendingThenApplied)]
    [InlineData(Answer.BadSequence)]
    public async Task However_the_network_answers_the_payment_is_applied_once_by_the_first_envelope(Answer answer)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var before = world.Network.Submitted.Count;
        world.Network.Next(answer);

        var payment = await payer.PayAsync(payee, "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);

        world.Network.Submitted.Skip(before).Distinct().Count().ShouldBe(1);
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        world.EventsOf("payment.succeeded").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_that_the_network_has_is_submitted_until_the_ledger_decides()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.HoldFeed(true);
        world.Network.Next(Answer.PendingThenApplied);

        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        // That the network has it is no write of its own: the end's event takes it along, and no other event is raised.
        world.Events.Select(e => (string)e["type"]!).ShouldNotContain("payment.submitted");
        world.EventsOf("payment.succeeded")[0]["data"]!["submission"]!["attempts"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_that_no_ledger_took_in_time_fails_and_releases_balance_and_limit()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("1000");
        var payee = world.Network.NewOutsider();
        // However often it is sent before its time is over.
        world.Network.Next([.. Enumerable.Repeat(Answer.NeverApply, 1_000)]);
        await payer.PayAsync(payee, "1000");
        world.Network.AdvanceClock(TimeSpan.FromMinutes(6));

        var id = (await payer.Wallet.GetSnapshotAsync(payer.Id)).Value!.Payments.Single().Id;
        var failed = await payer.UntilAsync(id, PaymentStatus.Failed);

        failed.FailureCode.ShouldBe("tx_too_late");
        world.Network.ForgetAnswers();
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        // The sequence number that was not used is used now; and the limit of 2500 counts the failed payment no more.
        var again = await payer.PayAsync(payee, "1000");
        await payer.UntilAsync(again.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_payment_that_fails_on_the_ledger_fails_with_the_ledgers_own_code_and_the_next_one_goes_through()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var doomed = await payer.QuotedAsync(payee, "4");
        world.Network.Look(l => l.Accounts[payee].Trustlines.Remove(world.Network.Usdc));

        await payer.ConfirmedAsync(doomed.Id);
        var failed = await payer.UntilAsync(doomed.Id, PaymentStatus.Failed);

        failed.FailureCode.ShouldBe("op_no_trust");
        failed.Ledger.ShouldNotBeNull();
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        var next = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(next.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_wallet_whose_sequence_number_someone_else_used_signs_the_payment_anew_with_the_next()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var address = await payer.AddressAsync();
        var payee = world.Network.NewOutsider();
        world.Network.Look(l => l.Accounts[address].Sequence += 5);

        var payment = await payer.PayAsync(payee, "1");

        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        world.EventsOf(EventTypes.PaymentRequeued).Length.ShouldBe(1);
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(10_000_000);
    }

    [Fact]
    public async Task When_the_network_is_down_a_payment_waits_and_those_behind_it_too()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var one = await payer.QuotedAsync(payee, "1");
        var two = await payer.QuotedAsync(payee, "2");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.ConfirmedAsync(one.Id);
        (await payer.ConfirmedAsync(two.Id)).Status.ShouldBe(PaymentStatus.Queued);
        var before = world.Network.Look(_ => world.Network.AskedInVain);
        world.Network.Down = true;
        await TestWorld.UntilAsync(
            () => world.Network.Look(_ => world.Network.AskedInVain) > before, "its outcome is asked for while nobody answers");
        (await payer.PaymentAsync(one.Id)).Status.ShouldBe(PaymentStatus.Signed);
        (await payer.PaymentAsync(two.Id)).Status.ShouldBe(PaymentStatus.Queued);
        world.Network.Down = false;
        world.Network.HoldPending(false);

        await payer.UntilAsync(two.Id, PaymentStatus.Succeeded);

        (await payer.PaymentAsync(one.Id)).Status.ShouldBe(PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_confirmation_while_the_network_is_down_changes_nothing_and_says_so()
    {
        // A world of its own: in a shared one the ledger that was asked for a moment ago would do.
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        world.Network.Down = true;

        (await payer.ConfirmAsync(quote.Id, "key")).Error!.Code.ShouldBe("network_unavailable");

        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Pending);
        world.Network.Down = false;
        (await payer.ConfirmAsync(quote.Id, "key")).Value!.Status.ShouldBe(PaymentStatus.Signed);
    }
}
