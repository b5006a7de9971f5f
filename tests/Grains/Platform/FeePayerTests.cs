using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform;

/// <summary>Fee accounts without XLM: other accounts pay the same transactions, and no payment fails for it.</summary>
public sealed class FeePayerTests
{
    [Fact]
    public async Task A_payment_whose_fee_account_is_empty_is_paid_for_by_another_in_the_same_transaction()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var (own, other) = await FeeAccountsOfAsync(world, payer);
        world.Network.Empty(own, empty: true);

        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "4");
        await payer.ConfirmedAsync(quote.Id);
        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);

        var submitted = Submitted(world, await payer.AddressAsync());
        submitted.Select(envelope => FakeNetwork.FeeSourceOf(envelope)).ShouldBe([own, other]);
        submitted.Select(envelope => TransactionFactory.Unwrap(envelope).Envelope).Distinct().Count().ShouldBe(1);

        // From then on the other one is asked at once.
        var second = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        await payer.ConfirmedAsync(second.Id);
        await payer.UntilAsync(second.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task While_no_fee_account_has_XLM_payments_wait_and_none_fails_and_an_alarm_rings()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var (own, other) = await FeeAccountsOfAsync(world, payer);
        world.Network.Empty(own, empty: true);
        world.Network.Empty(other, empty: true);

        var first = await payer.QuotedAsync(world.Network.NewOutsider(), "4");
        await payer.ConfirmedAsync(first.Id);
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(" 1221 ", StringComparison.Ordinal)),
            "it is said that no fee account has XLM");
        // Its time passes, and the follower proves it: the payment is signed anew when somebody can pay.
        world.Network.AdvanceClock(TimeSpan.FromHours(1));
        world.Network.CloseLedger();
        await TestWorld.UntilAsync(() => world.EventsOf("payment.requeued").Length > 0, "the payment waits again");
        var second = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        var confirmed = await payer.Wallet.ConfirmAsync(
            payer.Id, second.Id, null, cancellationToken: TestContext.Current.CancellationToken);
        confirmed.Error.ShouldBeNull();

        world.Network.Empty(own, empty: false);

        await payer.UntilAsync(first.Id, PaymentStatus.Succeeded);
        await payer.UntilAsync(second.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(50_000_000);
        world.EventsOf("payment.failed").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_account_that_is_found_empty_a_second_time_holds_the_payment_up_and_it_is_made_once_when_there_is_XLM()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var address = await payer.AddressAsync();
        var (own, other) = await FeeAccountsOfAsync(world, payer);
        world.Network.Empty(own, empty: true);
        world.Network.Empty(other, empty: true);
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");

        // Asked again after a second, each of them: the bids of before, which are not counted as new ones.
        await TestWorld.UntilAsync(
            () => Submitted(world, address) is var sent && new[] { own, other }.All(
                account => sent.Count(envelope => FakeNetwork.FeeSourceOf(envelope) == account) > 1),
            "both were asked again, and were empty again");
        (await payer.PaymentAsync(payment.Id)).Status.ShouldBe(PaymentStatus.Signed);
        world.Network.Empty(own, empty: false);

        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
        var sent = Submitted(world, address);
        sent.Select(envelope => TransactionFactory.Unwrap(envelope).Envelope).Distinct().Count().ShouldBe(1);
        sent.Distinct().Count().ShouldBe(2);
        world.EventsOf("payment.failed").ShouldBeEmpty();
        world.EventsOf("payment.requeued").ShouldBeEmpty();
    }

    private static string[] Submitted(TestWorld world, string source) => world.Network.Look(_ => world.Network.Submitted
        .Where(envelope => TransactionEnvelope.FromXdrBase64(envelope) is FeeBumpTransactionEnvelope bump
            && bump.Transaction.Inner.Transaction.Source.AccountId.ToString() == source)
        .ToArray());

    private static async Task<(string Own, string Other)> FeeAccountsOfAsync(TestWorld world, TestUser user)
    {
        var options = new PlatformOptions { FeeAccounts = 2 };
        var addresses = new List<string>();
        foreach (var passedOver in new[] { 0, 1 })
        {
            var grain = world.Grains.GetGrain<IFeeAccountGrain>(PlatformKeys.FeeAccountOf(user.Key, options, passedOver));
            addresses.Add((await grain.EnsureAsync(TestContext.Current.CancellationToken)).Value!);
        }

        return (addresses[0], addresses[1]);
    }
}
