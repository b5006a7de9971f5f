using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Limits;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>Whoever has a second factor shows it for payments of much, and of some to somebody new.</summary>
public sealed class StepUpPaymentTests(FactorWorld shared) : IClassFixture<FactorWorld>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Much_and_some_to_somebody_new_need_the_factor()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var payee = world.Network.NewOutsider();

        Needs(await payer.PayAtOnceAsync(payee, "100.0000001", PayerProof.FactorNotShown));
        (await payer.PayAtOnceAsync(payee, "100", PayerProof.FactorNotShown)).Error.ShouldBeNull();
        await payer.PaidAsync(payee, "5000", PayerProof.FactorShown);

        Needs(await payer.PayAtOnceAsync(payee, "1000.0000001", PayerProof.FactorNotShown));
        (await payer.PayAtOnceAsync(payee, "1000", PayerProof.FactorNotShown)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Many_small_payments_count_as_one_until_the_factor_is_shown()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var (known, one, two) = (world.Network.NewOutsider(), world.Network.NewOutsider(), world.Network.NewOutsider());
        await payer.PaidAsync(known, "1", PayerProof.FactorShown);

        await payer.PaidAsync(one, "60", PayerProof.FactorNotShown);
        Needs(await payer.PayAtOnceAsync(two, "40.0000001", PayerProof.FactorNotShown));
        await payer.PaidAsync(known, "900", PayerProof.FactorNotShown);
        Needs(await payer.PayAtOnceAsync(known, "40.0000001", PayerProof.FactorNotShown));
        await payer.PaidAsync(two, "40", PayerProof.FactorNotShown);
        Needs(await payer.PayAtOnceAsync(known, "0.01", PayerProof.FactorNotShown));

        await payer.PaidAsync(known, "1", PayerProof.FactorShown);
        (await payer.PayAtOnceAsync(known, "900", PayerProof.FactorNotShown)).Error.ShouldBeNull();
        (await payer.PayAtOnceAsync(two, "100", PayerProof.FactorNotShown)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_becomes_known_by_what_was_paid_without_the_factor_or_did_not_come_to_be()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var (thief, gone) = (world.Network.NewOutsider(), FakeNetwork.NewAddress());

        await payer.PaidAsync(thief, "10", PayerProof.FactorNotShown);
        Needs(await payer.PayAtOnceAsync(thief, "500", PayerProof.FactorNotShown));
        // It was shown for a payment that was cancelled before it was signed.
        var quote = await payer.QuotedAsync(thief, "10");
        (await payer.CancelAsync(quote.Id)).Error.ShouldBeNull();
        (await payer.ConfirmAsync(quote.Id, proof: PayerProof.FactorShown)).Error!.Code.ShouldBe("payment_cancelled");
        (await payer.PayAtOnceAsync(gone, "10", PayerProof.FactorShown)).Error.ShouldNotBeNull();

        Needs(await payer.PayAtOnceAsync(thief, "500", PayerProof.FactorNotShown));
    }

    [Fact]
    public async Task A_recipient_is_one_however_he_is_written()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var account = world.Network.NewOutsider();
        var numbered = new MuxedAccount(AccountId.Parse(account), 7).ToString();
        await payer.PaidAsync(numbered, "1", PayerProof.FactorShown);

        await payer.PaidAsync(account, "400", PayerProof.FactorNotShown);
        var named = await payer.Wallet.QuoteAsync(
            payer.Id,
            new QuoteRequest(account, "bob@example.com", "USDC", "400", ConfirmsAtOnce: true, Proof: PayerProof.FactorNotShown), Cancelled);

        named.Error.ShouldBeNull();
        Needs(await payer.PayAtOnceAsync(new MuxedAccount(AccountId.Parse(account), 8).ToString(), "300", PayerProof.FactorNotShown));
    }

    [Fact]
    public async Task A_refused_confirmation_changes_nothing_and_its_key_is_good_once_the_factor_was_shown()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var payee = world.Network.NewOutsider();
        var before = (Stored: world.Storage.Stored(GrainState.Wallet, payer.Key).ToJsonString(), Events: world.Events.Length);

        Needs(await payer.PayAtOnceAsync(payee, "2000", PayerProof.FactorNotShown, "order-1"));

        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        (world.Storage.Stored(GrainState.Wallet, payer.Key).ToJsonString(), world.Events.Length).ShouldBe(before);
        var paid = await payer.PayAtOnceAsync(payee, "2000", PayerProof.FactorShown, "order-1");
        paid.Error.ShouldBeNull();
        // A repeat asks for nothing: it is paid.
        (await payer.PayAtOnceAsync(payee, "2000", PayerProof.FactorNotShown, "order-1")).Value!.Id.ShouldBe(paid.Value!.Id);
    }

    [Fact]
    public async Task A_quote_that_was_refused_can_be_confirmed_under_the_same_key_later()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "2000");

        Needs(await payer.ConfirmAsync(quote.Id, "key", PayerProof.FactorNotShown));
        Needs(await payer.ConfirmAsync(quote.Id, "key", PayerProof.Session));
        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Pending);

        (await payer.ConfirmAsync(quote.Id, "key", PayerProof.FactorShown)).Error.ShouldBeNull();
        (await payer.ConfirmAsync(quote.Id, "key", PayerProof.FactorNotShown)).Value!.Id.ShouldBe(quote.Id);
        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task Of_twenty_confirmations_at_once_no_more_go_through_than_may()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var quotes = new List<PaymentView>();
        for (var i = 0; i < 20; i++)
        {
            quotes.Add(await payer.QuotedAsync(world.Network.NewOutsider(), "30"));
        }

        var answers = await Task.WhenAll(quotes.Select(quote => payer.ConfirmAsync(quote.Id, proof: PayerProof.FactorNotShown)));

        answers.Count(answer => answer.IsSuccess).ShouldBe(3);
        answers.Where(answer => !answer.IsSuccess).ToList().ForEach(Needs);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task What_counts_is_what_was_stored(Failing how)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var payee = world.Network.NewOutsider();
        world.Storage.FailNextWriteOf(payer, how);

        await Should.ThrowAsync<Exception>(payer.PayAtOnceAsync(payee, "60", PayerProof.FactorNotShown, "key"));

        var next = await payer.PayAtOnceAsync(payee, "60", PayerProof.FactorNotShown, "other");
        if (how == Failing.BeforeTheWrite)
        {
            next.Error.ShouldBeNull();
        }
        else
        {
            Needs(next);
        }
    }

    [Fact]
    public async Task A_wallet_that_was_not_told_yet_believes_the_door_that_asks_for_more()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("900");
        var payee = world.Network.NewOutsider();

        Needs(await payer.PayAtOnceAsync(payee, "500", PayerProof.FactorNotShown));
        (await payer.PayAtOnceAsync(payee, "500", PayerProof.Session)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_factor_that_is_set_up_anew_knows_nobody_and_one_that_is_gone_is_asked_for_no_more()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var payee = world.Network.NewOutsider();
        await payer.PaidAsync(payee, "1", PayerProof.FactorShown);
        (await payer.TellAsync(false, 2)).ShouldBeTrue();
        (await payer.PayAtOnceAsync(payee, "400", PayerProof.Session)).Error.ShouldBeNull();

        (await payer.TellAsync(true, 3)).ShouldBeTrue();

        Needs(await payer.PayAtOnceAsync(payee, "400", PayerProof.FactorNotShown));
    }

    [Fact]
    public async Task A_standing_order_was_proven_when_it_was_given()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewProtectedUserAsync("20000");
        var payee = world.Network.NewOutsider();

        await payer.PaidAsync(payee, "5000", PayerProof.StandingOrder);

        Needs(await payer.PayAtOnceAsync(payee, "500", PayerProof.FactorNotShown));
    }

    [Fact]
    public async Task All_that_a_wallet_holds_is_given_away_with_the_factor_only()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewProtectedUserAsync("1");
        var (closing, payee) = (user.Wallet.AsReference<IWalletClosing>(), world.Network.NewOutsider());
        var request = new CloseRequest(payee, payee, IdempotencyKey: "the end", Proof: PayerProof.FactorNotShown);

        (await closing.CloseAsync(user.Id, request, Cancelled)).Error.ShouldBe(StepUpRefusal.Required);
        (await closing.CloseAsync(user.Id, request with { Proof = PayerProof.Session }, Cancelled)).Error.ShouldBe(StepUpRefusal.Required);
        (await user.ViewAsync()).Status.ShouldBe(WalletStatus.Active);

        (await closing.CloseAsync(user.Id, request with { Proof = PayerProof.FactorShown }, Cancelled)).Error.ShouldBeNull();
    }

    [Fact]
    public void A_wallet_remembers_so_many_recipients_and_forgets_the_one_that_was_paid_longest_ago()
    {
        var factor = new SecondFactorRecord();
        var accounts = Enumerable.Range(0, SecondFactorRecord.MostRecipients + 1).Select(_ => FakeNetwork.NewAddress()).ToArray();
        foreach (var account in accounts[..^1])
        {
            factor.Remember(account);
        }

        factor.Remember(accounts[0]);
        factor.Remember(accounts[^1]);

        accounts.Where(account => !factor.Knows(account)).ShouldBe([accounts[1]]);
        factor.Recipients!.Length.ShouldBe(SecondFactorRecord.MostRecipients * 16);
    }

    private static void Needs(Result<PaymentView> refused) => refused.Error.ShouldBe(StepUpRefusal.Required);
}
