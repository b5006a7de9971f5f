using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments.Tracing;

/// <summary>Where is my money: from quote to balance, whatever happened in between.</summary>
public sealed class TraceTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task A_settled_payments_trace_tells_its_whole_way_with_hashes_and_ledger()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.Next(Answer.TimeOutWithoutApplying, Answer.PendingThenApplied);
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        var ended = await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);

        var trace = await TraceAsync(payer, payment.Id);

        trace.Steps.Select(s => s.Step).ShouldBe(
            ["quoted", "confirmed", "signed", "submitted", "submitted", "on_ledger", "settled"]);
        trace.Steps.Where(s => s.Step == "submitted").Select(s => s.Answer).ShouldBe(["unknown", "pending"]);
        var signed = trace.Steps[2];
        (signed.TransactionHash, signed.Operation, signed.Fee).ShouldBe((payment.TransactionHash, 0, "0.0002000"));
        signed.ValidUntil.ShouldNotBeNull();
        var landed = trace.Steps[^2];
        (landed.TransactionHash, landed.Ledger, landed.InnerHash).ShouldBe((ended.TransactionHash, ended.Ledger, signed.InnerHash));
        trace.Network.ShouldBeNull();
        trace.Summary.ShouldBe($"Your payment is in ledger {ended.Ledger}: it has arrived.");
        trace.Payment.ShouldBe(ended);
    }

    [Fact]
    public async Task A_payment_under_way_shows_what_the_network_says_now_and_when_it_will_be_decided()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilSubmittedAsync(payment.Id);
        var waiting = (await payer.PayAsync(world.Network.NewOutsider(), "1")).Id;

        var trace = await TraceAsync(payer, payment.Id);

        trace.Network!.LatestLedger.ShouldNotBeNull();
        (trace.Network.FoundInLedger, trace.Network.Successful).ShouldBe((null, null));
        trace.Network.DecidedBy.ShouldBe(trace.Steps.Single(s => s.Step == "signed").ValidUntil!.Value);
        trace.Summary.ShouldStartWith("The network has your payment; no ledger holds it yet. It will be decided by ");
        (await TraceAsync(payer, waiting)).Steps.Select(s => s.Step).ShouldBe(["quoted", "confirmed", "queued"]);

        world.Network.HoldFeed(true);
        world.Network.Down = true;
        (await TraceAsync(payer, payment.Id)).Summary.ShouldStartWith("Your payment is signed. The network does not answer");
    }

    [Fact]
    public async Task A_payment_that_was_bumped_and_one_that_failed_say_so()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Network.Look(l => l.MinimumFee = 15_000);
        var bumped = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(bumped.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(90_000_000);
        var doomed = await payer.QuotedAsync(payee, "4");
        world.Network.Look(l => l.Accounts[payee].Trustlines.Remove(world.Network.Usdc));
        await payer.ConfirmedAsync(doomed.Id);
        var failed = await payer.UntilAsync(doomed.Id, PaymentStatus.Failed);

        var steps = (await TraceAsync(payer, bumped.Id)).Steps;
        steps.Select(s => s.Step).ShouldContain("fee_bumped");
        steps.First(s => s.Step == "submitted").Code.ShouldBe("tx_insufficient_fee");
        var end = await TraceAsync(payer, doomed.Id);
        (end.Steps[^1].Step, end.Steps[^1].Code, end.Steps[^1].Ledger).ShouldBe(("failed", "op_no_trust", failed.Ledger));
        end.Summary.ShouldContain("Nothing was paid");
    }

    [Fact]
    public async Task Nobody_but_the_owner_gets_a_trace_and_it_holds_no_envelope()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var other = await world.NewUserAsync();
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        (await payer.Wallet.GetTraceAsync(other.Id, payment.Id)).Error!.Code.ShouldBe("wallet_not_found");
        (await other.Wallet.GetTraceAsync(other.Id, payment.Id)).Error!.Code.ShouldBe("payment_not_found");
        (await payer.Wallet.GetTraceAsync(payer.Id, PaymentId.New(TimeProvider.System))).Error!.Code.ShouldBe("payment_not_found");
        world.Events.Select(e => e.ToJsonString()).ShouldAllBe(e => !e.Contains("AAAA", StringComparison.Ordinal));
    }

    private static async Task<PaymentTrace> TraceAsync(TestUser user, PaymentId payment)
    {
        var trace = await user.Wallet.GetTraceAsync(user.Id, payment);
        trace.Error.ShouldBeNull();
        return trace.Value!;
    }
}
