using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

public sealed class QuoteTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task A_quote_reserves_its_amount_and_names_its_terms()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = await payer.World.NewUserAsync();

        var quote = (await payer.QuoteAsync(await payee.AddressAsync(), "12.5", memo: "rent")).Value!;

        quote.Status.ShouldBe(PaymentStatus.Pending);
        (quote.Amount.ToString(), quote.Memo, quote.FeeStroops).ShouldBe(("12.5000000 USDC", "rent", 0));
        (quote.ExpiresAt - quote.CreatedAt).ShouldBe(TimeSpan.FromMinutes(10));
        var balance = await payer.UsdcAsync();
        (balance.Balance, balance.Reserved, balance.Spendable).ShouldBe((1_000_000_000, 125_000_000, 875_000_000));
    }

    [Fact]
    public async Task More_than_the_limit_is_refused_before_the_balance_is_looked_at()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("1");

        (await payer.QuoteAsync(world.Network.NewOutsider(), "1000.0000001")).Error!.Code.ShouldBe("payment_limit_exceeded");
        (await payer.QuoteAsync(world.Network.NewOutsider(), "1000")).Error!.Code.ShouldBe("insufficient_funds");
    }

    [Fact]
    public async Task What_is_reserved_cannot_be_quoted_again()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();

        await payer.QuotedAsync(payee, "6");

        (await payer.QuoteAsync(payee, "4.0000001")).Error!.Code.ShouldBe("insufficient_funds");
        (await payer.QuoteAsync(payee, "4")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_cannot_receive_is_refused_with_the_reason()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var usdc = world.Network.Usdc;

        (await payer.QuoteAsync(FakeNetwork.NewAddress(), "1")).Error!.Code.ShouldBe("destination_not_found");
        (await payer.QuoteAsync(world.Network.NewOutsider(a => a.Trustlines.Clear()), "1"))
            .Error!.Code.ShouldBe("destination_no_trustline");
        (await payer.QuoteAsync(world.Network.NewOutsider(a => a.Trustlines[usdc].Authorized = false), "1"))
            .Error!.Code.ShouldBe("destination_not_authorized");
        (await payer.QuoteAsync(world.Network.NewOutsider(a => a.Trustlines[usdc].Limit = 9_999_999), "1"))
            .Error!.Code.ShouldBe("destination_full");
        (await payer.QuoteAsync(world.Network.NewOutsider(a => a.MemoRequired = true), "1"))
            .Error!.Code.ShouldBe("memo_required");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Who_pays_one_of_ours_does_not_wait_for_the_network()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync("1");
        var newcomer = await world.NewUserAsync();
        world.Network.ForgetWhatWasAsked();

        (await payer.QuoteAsync(await payee.AddressAsync(), "1")).IsSuccess.ShouldBeTrue();
        world.Network.AccountsAsked.ShouldBeEmpty();

        // That an account has a trustline is known for sure where it once held something of the asset.
        (await payer.QuoteAsync(await newcomer.AddressAsync(), "1")).IsSuccess.ShouldBeTrue();
        world.Network.AccountsAsked.ShouldBe([await newcomer.AddressAsync()]);
    }

    // The bug kept away: what a contract does to a trustline no operation shows, and who was frozen once was refused for ever.
    [Fact]
    public async Task A_payee_of_ours_who_was_frozen_is_paid_again_when_the_network_says_so()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync("1");
        world.Network.Authorize(await payee.AddressAsync(), authorized: false);
        await TestWorld.UntilAsync(async () => (await payee.UsdcAsync()).Frozen, "the payee's USDC is frozen");

        var refused = await payer.QuoteAsync(await payee.AddressAsync(), "1");
        (refused.Error!.Code, refused.Error.Param).ShouldBe(("destination_not_authorized", "recipient"));

        world.Network.Authorize(await payee.AddressAsync(), authorized: true, byContract: true);
        (await payee.UsdcAsync()).Frozen.ShouldBeTrue();
        var paid = await payer.PayAsync(await payee.AddressAsync(), "1");
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_network_that_is_down_changes_nothing_and_says_so()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var before = await payer.ViewAsync();
        world.Network.Down = true;

        (await payer.QuoteAsync(FakeNetwork.NewAddress(), "1")).Error!.Code.ShouldBe("network_unavailable");

        (await payer.ViewAsync()).Revision.ShouldBe(before.Revision);
    }

    [Fact]
    public async Task The_daily_limit_holds_for_any_24_hours_and_counts_quotes_at_once()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10000");
        var payee = world.Network.NewOutsider();
        await payer.QuotedAsync(payee, "1000");
        await payer.PayAsync(payee, "1000");

        (await payer.QuoteAsync(payee, "500.0000001")).Error!.Code.ShouldBe("daily_limit_exceeded");
        var last = await payer.QuotedAsync(payee, "500");
        (await payer.QuoteAsync(payee, "0.0000001")).Error!.Code.ShouldBe("daily_limit_exceeded");

        (await payer.CancelAsync(last.Id)).IsSuccess.ShouldBeTrue();
        (await payer.QuoteAsync(payee, "500")).IsSuccess.ShouldBeTrue();
        world.Business.Advance(TimeSpan.FromMinutes(24 * 60 + 10));
        (await payer.QuoteAsync(payee, "1000")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task The_limit_holds_when_many_requests_come_at_once()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10000");
        var payee = world.Network.NewOutsider();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => payer.QuoteAsync(payee, "300")));

        quotes.Count(q => q.IsSuccess).ShouldBe(8);
        quotes.Where(q => !q.IsSuccess).ShouldAllBe(q => q.Error!.Code == "daily_limit_exceeded");
        (await payer.UsdcAsync()).Reserved.ShouldBe(24_000_000_000);
    }

    [Fact]
    public async Task A_wallet_has_at_most_128_payments_under_way()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        for (var i = 0; i < 128; i++)
        {
            await payer.QuotedAsync(payee, "0.1");
        }

        (await payer.QuoteAsync(payee, "0.1")).Error!.Code.ShouldBe("too_many_open_payments");
    }

    [Fact]
    public async Task The_same_key_and_request_gives_the_same_payment_and_another_request_an_error()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => payer.QuoteAsync(payee, "2", "key-1")));

        quotes.Select(q => q.Value!.Id).Distinct().Count().ShouldBe(1);
        (await payer.UsdcAsync()).Reserved.ShouldBe(20_000_000);
        (await payer.QuoteAsync(payee, "3", "key-1")).Error!.Code.ShouldBe("idempotency_key_reused");
        (await payer.QuoteAsync(payee, "2", "key-2")).Value!.Id.ShouldNotBe(quotes[0].Value!.Id);
    }

    [Fact]
    public async Task A_key_of_a_quote_that_was_only_asked_for_does_not_confirm_it()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var request = new QuoteRequest(world.Network.NewOutsider(), "bob@example.com", "USDC", "2", null, "key-1");

        (await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        var other = (await payer.Wallet.QuoteAsync(
            payer.Id, request with { ConfirmsAtOnce = true }, TestContext.Current.CancellationToken)).Error!;

        (other.Kind, other.Code, other.Param).ShouldBe((ErrorKind.Conflict, "idempotency_key_reused", "Idempotency-Key"));
    }

    [Fact]
    public async Task A_quote_that_nobody_confirmed_expires_and_releases_what_it_reserved()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "6");

        world.Business.Advance(TimeSpan.FromMinutes(10));
        await world.SweepAsync();

        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Expired);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        world.EventsOf("payment.expired").Length.ShouldBe(1);
        (await payer.ConfirmAsync(quote.Id)).Error!.Code.ShouldBe("payment_expired");
    }

    [Fact]
    public async Task An_expired_quote_is_refused_even_before_its_wake_up_has_come()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "6");
        world.Business.Advance(TimeSpan.FromMinutes(10));

        (await payer.ConfirmAsync(quote.Id)).Error!.Code.ShouldBe("payment_expired");

        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Expired);
    }
}
