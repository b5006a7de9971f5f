using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Payments;

public sealed class RecipientTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task A_muxed_recipient_is_paid_under_his_number_and_shown_by_it()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var exchange = world.Network.NewOutsider(account => account.MemoRequired = true);
        var muxed = new MuxedAccount(AccountId.Parse(exchange), 4711).ToString();

        var paid = await payer.PayAsync(muxed, "2");

        (await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded)).Destination.ShouldBe(muxed);
        await payer.UntilBalanceAsync(80_000_000);
        Sent(world).Operations[0].Body.ShouldBeOfType<PaymentOperation>().Destination.ToString().ShouldBe(muxed);
        world.Network.Look(ledger => ledger.Accounts[exchange].BalanceOf(world.Network.Usdc)).ShouldBe(20_000_000);
    }

    [Theory]
    [InlineData("id", "42")]
    [InlineData("hash", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")]
    public async Task A_memo_goes_out_as_its_kind(string type, string memo)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var request = new QuoteRequest(
            world.Network.NewOutsider(), "bob*example.com", "USDC", "2", memo, Facts: new RecipientFacts(false, null, type, OwnMemo: true));

        var quote = (await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken)).Value!;
        await payer.ConfirmedAsync(quote.Id);

        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        (Sent(world).Memo switch
        {
            MemoId id => $"id {id.Id}",
            MemoHash hash => $"hash {Convert.ToBase64String(hash.Hash.ToArray())}",
            _ => "another",
        }).ShouldBe($"{type} {memo}");
    }

    [Fact]
    public async Task Payments_whose_memos_differ_in_kind_alone_do_not_share_a_transaction()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.PayAsync(payee, "1");
        var text = await payer.QuoteAsync(payee, "1", memo: "42");
        var number = await payer.Wallet.QuoteAsync(
            payer.Id, new QuoteRequest(payee, payee, "USDC", "1", "42", Facts: new RecipientFacts(false, null, "id")),
            TestContext.Current.CancellationToken);
        await payer.ConfirmedAsync(text.Value!.Id);
        await payer.ConfirmedAsync(number.Value!.Id);
        world.Network.HoldPending(false);

        var first = await payer.UntilAsync(text.Value.Id, PaymentStatus.Succeeded);
        var second = await payer.UntilAsync(number.Value.Id, PaymentStatus.Succeeded);

        first.TransactionHash.ShouldNotBe(second.TransactionHash);
    }

    [Fact]
    public async Task What_was_known_of_the_recipient_stays_with_the_payment_and_its_events()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var facts = new RecipientFacts(IsUser: true, "bob");
        var request = new QuoteRequest(world.Network.NewOutsider(), "@bob", "USDC", "2", Facts: facts);

        var quote = (await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken)).Value!;

        (await payer.PaymentAsync(quote.Id)).Facts.ShouldBe(facts);
        world.EventsOf("payment.created").Single()["data"]!["facts"]!["handle"]!.GetValue<string>().ShouldBe("bob");
    }

    [Fact]
    public async Task The_same_key_gives_the_same_payment_though_the_recipients_domain_gave_another_memo()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var request = new QuoteRequest(
            world.Network.NewOutsider(), "bob*example.com", "USDC", "2", "1", "key", Facts: new RecipientFacts(false, null, "id", OwnMemo: true));

        var first = await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken);
        var again = await payer.Wallet.QuoteAsync(payer.Id, request with { Memo = "2" }, TestContext.Current.CancellationToken);
        var other = await payer.Wallet.QuoteAsync(payer.Id, request with { Amount = "3" }, TestContext.Current.CancellationToken);

        (again.Value!.Id, again.Value.Memo).ShouldBe((first.Value!.Id, "1"));
        other.Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task The_networks_reserve_cannot_be_spent()
    {
        var world = await shared.ForTestAsync();
        // Only of an account that somebody else created the network keeps a reserve of its own.
        world.Network.Down = true;
        var payer = world.NewUnopenedUser();
        var address = (await payer.OpenAsync()).Value!.Address!;
        world.Network.Look(ledger => ledger.Accounts[address] = new FakeAccount { Sequence = 7, Reserve = 10_000_000 });
        world.Network.Down = false;
        await payer.UntilActiveAsync();
        await payer.FundAsync();
        await TestWorld.UntilAsync(async () => (await payer.ViewAsync()).Balances[0].Balance > 0, "friendbot's XLM has come");
        var balance = (await payer.ViewAsync()).Balances[0].Balance;
        world.Rates.Set("XLM", 0.01m);
        var payee = world.Network.NewOutsider();

        var refusal = (await payer.QuoteAsync(payee, Money.Amount.Format(balance - 9_999_999), asset: "XLM")).Error!;

        refusal.Code.ShouldBe("insufficient_funds");
        refusal.Message.ShouldBe("Of the wallet's XLM, 1.0000000 is the network's reserve and cannot be spent.");
        (await payer.QuoteAsync(payee, Money.Amount.Format(balance - 10_000_000), asset: "XLM")).Error.ShouldBeNull();
        (await payer.QuoteAsync(payee, "1", asset: "XLM")).Error!.Code.ShouldBe("insufficient_funds");
    }

    private static Transaction Sent(TestWorld world) =>
        ((FeeBumpTransactionEnvelope)TransactionEnvelope.FromXdrBase64(world.Network.Submitted[^1])).Transaction.Inner.Transaction;
}
