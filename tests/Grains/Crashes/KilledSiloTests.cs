using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>A silo dies at a point of a payment's way; another one finishes it, once.</summary>
public sealed class KilledSiloTests
{
    private const int MaxTries = 40;

    [Theory]
    [InlineData(FaultPoint.PaymentSigned)]
    [InlineData(FaultPoint.PaymentSubmitted)]
    public async Task A_payment_whose_silo_is_killed_is_resumed_and_applied_exactly_once(string point)
    {
        await using var world = await TestWorld.StartAsync(silos: 2);
        var (payer, payment, confirming) = await KillWhilePayingAsync(world, point);
        // The caller's answer may be lost with the silo; the payment is not.
        await ((Task)confirming).ContinueWith(_ => { }, TaskScheduler.Default);
        await world.FollowAgainAsync();

        await world.UntilAfterDeathAsync(
            async () => (await payer.PaymentAsync(payment.Id)).Status == PaymentStatus.Succeeded, "the payment has succeeded");

        await payer.UntilBalanceAsync(60_000_000);
        var hash = (await payer.PaymentAsync(payment.Id)).TransactionHash!;
        world.Network.Look(l => l.Operations.Count(o => o.TransactionHash == hash)).ShouldBe(1);
        world.Network.Look(l => l.Accounts[payment.Destination].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        world.Storage.Events.Count(e => (string)e["type"]! == "payment.succeeded" && (string)e["subject"]! == payment.Id.Value)
            .ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_that_died_before_it_was_stored_never_happened()
    {
        await using var world = await TestWorld.StartAsync(silos: 2);
        var (payer, payment, confirming) = await KillWhilePayingAsync(world, FaultPoint.PaymentPersisting);
        await Should.ThrowAsync<Exception>(confirming);

        (await UntilAnswersAsync(() => payer.PaymentAsync(payment.Id))).Status.ShouldBe(PaymentStatus.Pending);
        world.Network.Look(l => l.Accounts[payment.Destination].BalanceOf(world.Network.Usdc)).ShouldBe(0);

        var again = await payer.ConfirmedAsync(payment.Id);
        await payer.UntilAsync(again.Id, PaymentStatus.Succeeded);
    }

    // Whose wallet it was is asked again until its death is known; no time passes, in which the quote would expire.
    private static async Task<PaymentView> UntilAnswersAsync(Func<Task<PaymentView>> ask)
    {
        PaymentView? answer = null;
        await TestWorld.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await ask();
                    return true;
                }
                catch (Exception exception) when (exception is OrleansException or TimeoutException)
                {
                    return false;
                }
            },
            "its wallet answers");
        return answer!;
    }

    // Pays from one wallet after another until one is on the silo that may die; kills it when it comes to the point.
    private static async Task<(TestUser Payer, PaymentView Payment, Task Confirming)> KillWhilePayingAsync(
        TestWorld world, string point)
    {
        var victim = world.Cluster.Silos[1];
        for (var i = 0; i < MaxTries; i++)
        {
            var payer = await world.NewUserAsync("10");
            var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "4");
            var reached = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            world.Faults.Arm(point, async silo =>
            {
                var there = silo.Equals(victim.SiloAddress);
                reached.TrySetResult(there);
                if (there)
                {
                    // Hangs, as a process that is about to die does.
                    await new TaskCompletionSource().Task;
                }
            });
            Task confirming = payer.ConfirmAsync(quote.Id);
            if (await reached.Task)
            {
                await world.Cluster.KillSiloAsync(victim);
                return (payer, quote, confirming);
            }

            await confirming;
        }

        throw new InvalidOperationException($"None of {MaxTries} wallets was on the silo that was to die.");
    }
}
