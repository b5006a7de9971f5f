using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Network.Halts;

public sealed class PaymentGateTests
{
    private static readonly NetworkHalt Reset = new("network_reset", "The network began again.", DateTimeOffset.UnixEpoch);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly MemoryNetworkHalts _halts = new();
    private readonly TestClock _time = new();

    [Fact]
    public async Task A_halt_closes_the_gate_within_a_second_and_its_end_opens_it()
    {
        var gate = new PaymentGate(_halts, _time, NullLogger<PaymentGate>.Instance);
        (await gate.CheckAsync(Cancelled)).ShouldBeNull();
        await _halts.HaltAsync(Reset, Cancelled);

        _time.Advance(TimeSpan.FromSeconds(1));
        (await gate.CheckAsync(Cancelled)).ShouldNotBeNull().Code.ShouldBe("network_halted");

        await _halts.ResumeAsync("usr_1", DateTimeOffset.UnixEpoch, Cancelled);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await gate.CheckAsync(Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task However_many_ask_the_store_is_asked_once_a_second()
    {
        var gate = new PaymentGate(_halts, _time, NullLogger<PaymentGate>.Instance);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gate.CheckAsync(Cancelled).AsTask()));

        _halts.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Where_nobody_can_tell_nothing_is_paid_and_the_next_who_asks_is_told_anew()
    {
        var gate = new PaymentGate(_halts, _time, NullLogger<PaymentGate>.Instance);
        _halts.Down = true;
        (await gate.CheckAsync(Cancelled)).ShouldNotBeNull().Code.ShouldBe("network_halt_unknown");

        _halts.Down = false;

        (await gate.CheckAsync(Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task While_payments_are_halted_no_quote_is_given_nothing_is_signed_and_nothing_is_submitted()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var destination = await payee.AddressAsync();
        var quoted = await payer.QuotedAsync(destination, "1");
        var submitted = world.Network.Submitted.Count;
        await world.Halts.HaltAsync(Reset, Cancelled);
        await TestWorld.UntilAsync(
            async () => (await payer.QuoteAsync(destination, "1")).Error is { Code: "network_halted", Kind: ErrorKind.Unavailable },
            "quotes are refused");

        (await payer.ConfirmAsync(quoted.Id)).Error.ShouldNotBeNull().Code.ShouldBe("network_halted");
        world.Network.Submitted.Count.ShouldBe(submitted);
        (await payer.PaymentAsync(quoted.Id)).Status.ShouldBe(PaymentStatus.Pending);

        await world.Halts.ResumeAsync("usr_1", DateTimeOffset.UnixEpoch, Cancelled);
        await TestWorld.UntilAsync(async () => (await payer.ConfirmAsync(quoted.Id)).IsSuccess, "payments go on");
        await payer.UntilAsync(quoted.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_payment_that_is_out_is_not_sent_again_while_payments_are_halted()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var quoted = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        // More than there is time for: only the halt stops it from being sent again.
        world.Network.Next([.. Enumerable.Repeat(Answer.TimeOutWithoutApplying, 1_000)]);
        await payer.ConfirmedAsync(quoted.Id);
        await world.Halts.HaltAsync(Reset, Cancelled);
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(line => line.Contains("waits: network_halted", StringComparison.Ordinal)), "the driver waits");
        var submitted = world.Network.Submitted.Count;

        (await payer.PaymentAsync(quoted.Id)).Status.ShouldBe(PaymentStatus.Signed);
        world.Network.Submitted.Count.ShouldBe(submitted);

        world.Network.ForgetAnswers();
        await world.Halts.ResumeAsync("usr_1", DateTimeOffset.UnixEpoch, Cancelled);
        await payer.UntilAsync(quoted.Id, PaymentStatus.Succeeded);
    }
}
