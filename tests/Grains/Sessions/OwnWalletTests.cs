using System.Globalization;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>Sessions that wallets of ours pay: in time, or not at all.</summary>
public abstract class OwnWalletTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    // More than a test takes until it lets it pass, and so much less than a payment is valid that it can settle afterwards: the network's
    // clock goes on while a test runs.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(150);

    [Theory]
    [InlineData("text")]
    [InlineData("id")]
    [InlineData("muxed")]
    public async Task What_pays_a_session_can_be_in_no_ledger_after_its_end(string how)
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short });

        var quote = await QuoteAsync(shop, payer, session, how, "10");
        quote.Error.ShouldBeNull();
        await payer.ConfirmedAsync(quote.Value!.Id);
        await payer.UntilAsync(quote.Value.Id, PaymentStatus.Succeeded);

        await shop.UntilPaidAsync(session.Id);
        LastMoments(shop).ShouldHaveSingleItem().ShouldBeInRange(
            session.ExpiresAt - TimeSpan.FromSeconds(1), session.ExpiresAt);
        quote.Value.ExpiresAt.ShouldBeLessThanOrEqualTo(session.ExpiresAt);
    }

    [Fact]
    public async Task What_names_no_session_has_the_time_that_payments_have()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short });

        // The session's number with another id, which names nobody.
        var stranger = session.Id.Value[..^1] + (session.Id.Value[^1] == '0' ? '1' : '0');
        var quote = await payer.QuoteAsync(shop.Address, "1", memo: stranger);
        await payer.ConfirmedAsync(quote.Value!.Id);
        await payer.UntilAsync(quote.Value.Id, PaymentStatus.Succeeded);

        LastMoments(shop).ShouldHaveSingleItem().ShouldBeGreaterThan(session.ExpiresAt);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("id")]
    [InlineData("muxed")]
    public async Task A_session_that_is_over_is_not_paid_by_mistake(string how)
    {
        var (shop, payer) = await OpenAsync();
        var (paid, canceled, late) = (
            await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000),
            await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short }));
        shop.Pay(10 * Unit, paid.Id.Value);
        await shop.UntilPaidAsync(paid.Id);
        (await shop.GrainOf(canceled.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        var quoted = await QuoteAsync(shop, payer, late, how, "10");
        shop.Pass(Short);

        foreach (var session in new[] { paid, canceled, late })
        {
            var refused = await QuoteAsync(shop, payer, session, how, "10");
            (refused.Error?.Code, refused.Error?.Param).ShouldBe(("payment_session_over", "recipient"));
        }

        (await payer.ConfirmAsync(quoted.Value!.Id)).Error!.Code.ShouldBe("payment_expired");
        LastMoments(shop).ShouldBeEmpty();
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task What_waited_behind_another_payment_until_the_session_was_over_fails_and_is_never_signed()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short });
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(shop.World.Network.NewOutsider(), "1");
        await payer.UntilSubmittedAsync(first.Id);
        var waits = await payer.ConfirmedAsync((await QuoteAsync(shop, payer, session, "text", "10")).Value!.Id);
        waits.Status.ShouldBe(PaymentStatus.Queued);
        shop.Pass(Short);
        // Who is told of a ledger of before signs what comes too late.
        shop.World.Port<NetworkClock>().Forget();

        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();

        await payer.UntilAsync(first.Id, PaymentStatus.Succeeded);
        var failed = await payer.UntilAsync(waits.Id, PaymentStatus.Failed);
        (failed.FailureCode, failed.TransactionHash).ShouldBe(("payment_session_over", null));
        await payer.UntilBalanceAsync(99 * Unit);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        LastMoments(shop).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_fails_at_the_sessions_end_though_nothing_can_be_signed_and_holds_nothing_any_more()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short });
        shop.World.Network.Next([.. Enumerable.Repeat(Answer.PendingForEver, 10_000)]);
        var first = await payer.PayAsync(shop.World.Network.NewOutsider(), "1");
        await payer.UntilSubmittedAsync(first.Id);
        var waits = await payer.ConfirmedAsync((await QuoteAsync(shop, payer, session, "text", "10")).Value!.Id);
        (waits.Status, (await payer.UsdcAsync()).Reserved).ShouldBe((PaymentStatus.Queued, 11 * Unit));
        shop.Pass(Short);

        // What is before it is not decided, and nothing is signed: only its time has come.
        await shop.World.UntilAfterSweepsAsync(
            async () => (await payer.PaymentAsync(waits.Id)).Status == PaymentStatus.Failed, "it has failed");

        var failed = await payer.PaymentAsync(waits.Id);
        (failed.FailureCode, failed.TransactionHash).ShouldBe(("payment_session_over", null));
        (await payer.PaymentAsync(first.Id)).Status.ShouldBe(PaymentStatus.Signed);
        (await payer.UsdcAsync()).Reserved.ShouldBe(Unit);
        shop.World.EventsOf("payment.failed").Length.ShouldBe(1);
        shop.World.Network.ForgetAnswers();
        await payer.UntilAsync(first.Id, PaymentStatus.Succeeded);
        LastMoments(shop).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_quoted_or_waited_while_the_session_was_open_is_not_paid_after_it_was_canceled()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        var quoted = await QuoteAsync(shop, payer, session, "text", "10");
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(shop.World.Network.NewOutsider(), "1");
        await payer.UntilSubmittedAsync(first.Id);
        var waits = await payer.ConfirmedAsync((await QuoteAsync(shop, payer, session, "muxed", "10")).Value!.Id);
        var bystander = await payer.PayAsync(shop.World.Network.NewOutsider(), "2");
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();

        (await payer.ConfirmAsync(quoted.Value!.Id)).Error!.Code.ShouldBe("payment_session_over");
        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();

        (await payer.UntilAsync(waits.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("payment_session_over");
        await payer.UntilAsync(bystander.Id, PaymentStatus.Succeeded);
        LastMoments(shop).ShouldBeEmpty();
    }

    [Fact]
    public async Task Payments_with_another_last_moment_are_in_a_transaction_of_their_own()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { ExpiresIn = Short });
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(shop.World.Network.NewOutsider(), "1");
        await payer.UntilSubmittedAsync(first.Id);
        var pays = await payer.ConfirmedAsync((await QuoteAsync(shop, payer, session, "muxed", "10")).Value!.Id);
        var other = await payer.PayAsync(shop.World.Network.NewOutsider(), "2");
        (pays.Status, other.Status).ShouldBe((PaymentStatus.Queued, PaymentStatus.Queued));

        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();

        await shop.UntilPaidAsync(session.Id);
        var alone = await payer.UntilAsync(other.Id, PaymentStatus.Succeeded);
        alone.TransactionHash.ShouldNotBe((await payer.UntilAsync(pays.Id, PaymentStatus.Succeeded)).TransactionHash);
    }

    [Fact]
    public async Task What_is_left_of_a_price_is_paid_by_one_of_two_clicks()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        var rests = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => payer.Wallet.QuoteAsync(
            payer.Id, new QuoteRequest(shop.Address, session.Id.Value, "USDC", "10", session.Id.Value, PaysRest: true),
            TestContext.Current.CancellationToken)));

        var answers = await Task.WhenAll(rests.Select(rest => payer.ConfirmAsync(rest.Value!.Id)));

        answers.Where(answer => answer.IsSuccess).ShouldHaveSingleItem();
        answers.Single(answer => !answer.IsSuccess).Error!.Code.ShouldBeOneOf("payment_session_being_paid", "payment_session_over");
        await shop.UntilPaidAsync(session.Id);
    }

    private async Task<(TestMerchant Shop, TestUser Payer)> OpenAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        return (shop, await shop.World.NewUserAsync("100"));
    }

    private static Task<Results.Result<PaymentView>> QuoteAsync(
        TestMerchant shop, TestUser payer, PaymentSessionView session, string how, string amount)
    {
        var number = session.Id.Number.ToString(CultureInfo.InvariantCulture);
        var (to, memo, type) = how switch
        {
            "text" => (shop.Address, session.Id.Value, null),
            "id" => (shop.Address, number, "id"),
            _ => (shop.MuxedOf(session.Id), default(string), default(string)),
        };
        return payer.Wallet.QuoteAsync(
            payer.Id,
            new QuoteRequest(to, to, "USDC", amount, memo, null, Facts: new RecipientFacts(IsUser: false, Handle: null, MemoType: type)));
    }

    // Of the transactions that pay the shop, by the network's clock.
    private static DateTimeOffset[] LastMoments(TestMerchant shop) =>
    [
        .. shop.World.Network.Look(_ => shop.World.Network.Submitted.ToArray())
            .Select(TransactionEnvelope.FromXdrBase64)
            .Select(outer => (outer as FeeBumpTransactionEnvelope)?.Transaction.Inner ?? (TransactionV1Envelope)outer)
            .Where(inner => inner.Transaction.Operations.Any(
                each => each.Body is PaymentOperation payment && payment.Destination.AccountId.ToString() == shop.Address))
            .Select(inner => DateTimeOffset.FromUnixTimeSeconds((long)inner.Transaction.Preconditions.TimeBounds!.Value.MaxTime))
            .Distinct(),
    ];
}

[Trait("Length", "long")]
public sealed class MemoryOwnWalletTests(SharedWorld shared) : OwnWalletTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresOwnWalletTests(SharedPostgresWorld shared) : OwnWalletTests(shared), IClassFixture<SharedPostgresWorld>;
