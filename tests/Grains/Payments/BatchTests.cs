using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>Payments that wait in one wallet go out together; a failing one does not sink the others.</summary>
public sealed class BatchTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task Payments_that_wait_go_out_in_one_transaction_in_the_order_of_their_quotes()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payees = Enumerable.Range(0, 6).Select(_ => world.Network.NewOutsider()).ToList();
        var ids = await QueueAsync(world, payer, payees);

        world.Network.CloseLedger();
        foreach (var id in ids)
        {
            await payer.UntilAsync(id, PaymentStatus.Succeeded);
        }

        await payer.UntilBalanceAsync(940_000_000);
        var first = (await payer.PaymentAsync(ids[0])).TransactionHash!;
        var hashes = await Task.WhenAll(ids.Skip(1).Select(async id => (await payer.PaymentAsync(id)).TransactionHash!));
        hashes.Distinct().ShouldHaveSingleItem().ShouldNotBe(first);
        world.Network.Look(l => l.Operations.Where(o => o.TransactionHash == hashes[0]).Select(o => o.To).ToList())
            .ShouldBe(payees.Skip(1));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        world.EventsOf("payment.succeeded").Length.ShouldBe(6);
    }

    [Fact]
    public async Task A_payment_with_another_memo_waits_for_a_transaction_of_its_own()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        var ids = await QueueAsync(world, payer, [payee, payee], "rent");

        world.Network.CloseLedger();
        foreach (var id in ids)
        {
            await payer.UntilAsync(id, PaymentStatus.Succeeded);
        }

        (await payer.PaymentAsync(ids[^1])).TransactionHash.ShouldNotBe((await payer.PaymentAsync(ids[^2])).TransactionHash);
        world.Network.Look(l => l.Operations.Count(o => o.Memo == "rent")).ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_failing_payment_fails_alone_and_the_others_of_its_batch_arrive_once(Failing? how)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payees = Enumerable.Range(0, 5).Select(_ => world.Network.NewOutsider()).ToList();
        var ids = await QueueAsync(world, payer, payees);
        world.Network.Look(l => l.Accounts[payees[2]].Trustlines.Remove(world.Network.Usdc));
        if (how is { } failing)
        {
            world.Storage.FailNextWrite(
                GrainState.Wallet, failing, json => json.Contains("payment.requeued", StringComparison.Ordinal));
        }

        world.Network.CloseLedger();
        await world.UntilAfterSweepsAsync(async () =>
        {
            var payments = await Task.WhenAll(ids.Select(payer.PaymentAsync));
            return payments.All(p => p.Status is PaymentStatus.Succeeded or PaymentStatus.Failed);
        }, "all payments have ended");

        await payer.UntilBalanceAsync(960_000_000);
        var failed = await payer.PaymentAsync(ids[2]);
        (failed.Status, failed.FailureCode).ShouldBe((PaymentStatus.Failed, "op_no_trust"));
        failed.Ledger.ShouldNotBeNull();
        world.Network.Look(l => payees.Where(p => p != payees[2]).Select(p => l.Accounts[p].BalanceOf(world.Network.Usdc)).ToList())
            .ShouldAllBe(balance => balance == 10_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        world.EventsOf("payment.requeued").Length.ShouldBe(3);
        world.EventsOf("payment.failed").Length.ShouldBe(1);
        world.EventsOf("payment.succeeded").Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_batch_whose_sequence_number_someone_else_used_is_built_anew_and_pays_once()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var address = await payer.AddressAsync();
        var payee = world.Network.NewOutsider();
        var ids = await QueueAsync(world, payer, [payee, payee, payee]);
        world.Network.Look(l =>
        {
            // What waits uses its number first; whoever comes then uses more.
            world.Network.CloseLedger();
            return l.Accounts[address].Sequence += 5;
        });

        foreach (var id in ids)
        {
            await payer.UntilAsync(id, PaymentStatus.Succeeded);
        }

        await payer.UntilBalanceAsync(970_000_000);
        world.Network.Look(l => l.Accounts[payee].BalanceOf(world.Network.Usdc)).ShouldBe(30_000_000);
        ((string?)world.EventsOf("payment.requeued")[0]["data"]!["submission"]!["code"]).ShouldBe("tx_bad_seq");
    }

    // The first is submitted and waits for its ledger; the others wait for the first. With a memo, the last one has it.
    private static async Task<List<PaymentId>> QueueAsync(
        TestWorld world, TestUser payer, IReadOnlyList<string> payees, string? lastMemo = null)
    {
        var ids = new List<PaymentId>();
        for (var i = 0; i < payees.Count; i++)
        {
            var quote = await payer.QuoteAsync(payees[i], "1", memo: i == payees.Count - 1 ? lastMemo : null);
            ids.Add(quote.Value!.Id);
        }

        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        foreach (var id in ids)
        {
            await payer.ConfirmedAsync(id);
        }

        await payer.UntilSubmittedAsync(ids[0]);
        (await payer.PaymentAsync(ids[^1])).Status.ShouldBe(PaymentStatus.Queued);
        return ids;
    }
}
