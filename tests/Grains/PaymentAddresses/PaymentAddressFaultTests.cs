using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using static StellarPay.Grains.Tests.PaymentAddresses.OwnAddress;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>What strangers, exchanges and merchants who take nothing do to addresses of sessions' own.</summary>
public sealed class PaymentAddressFaultTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private const long Unit = TestMerchant.Unit;
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_is_named_for_is_not_given_back_to_where_it_came_from()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var exchange = shop.World.Network.NewOutsider();
        Send(shop, session, 10 * Unit, exchange);
        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book.Available > 0, "the merchant has it");

        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_required");
        (await shop.RefundAsync(session.Id, Unit)).Error!.Code.ShouldBe("refund_address_required");

        (await shop.ViewAsync(session.Id)).Refunds.ShouldBeEmpty();
        shop.BalanceOf(exchange).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_too_much_is_held_where_nobody_is_named_and_is_not_given_back_by_itself()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Refund, LatePayments.Refund)))
            .Error.ShouldBeNull();
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var exchange = shop.World.Network.NewOutsider();

        Send(shop, session, 13 * Unit, exchange);

        var paid = await shop.UntilAsync(
            session.Id, view => view.Payments is [{ HeldReason: not null }], "it is said why what is too much is held");
        (paid.Payments[0].HeldReason, paid.Payments[0].IsHeld, paid.Payments[0].AtOwnAddress).ShouldBe(("refund_address_required", true, true));
        paid.Refunds.ShouldBeEmpty();
        await shop.UntilBookAsync(book => book is { Held: 3 * Unit, Refunds: 0 }, "it is held");
        shop.BalanceOf(exchange).ShouldBe(0);
    }

    [Fact]
    public async Task Who_pays_from_a_wallet_of_ours_has_it_back()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var payer = await shop.World.NewUserAsync("1");
        Send(shop, session, 10 * Unit, await payer.AddressAsync());
        await shop.UntilPaidAsync(session.Id);
        shop.Pay(Unit, shop.Id.Value);
        await shop.UntilBookAsync(book => book.Available > 10 * Unit, "the merchant has it, and some of his own");

        var refund = await shop.RefundAsync(session.Id);

        refund.Error.ShouldBeNull();
        await shop.UntilRefundAsync(refund.Value!.Id, RefundStatus.Succeeded);
    }

    [Fact]
    public async Task What_the_merchant_cannot_take_keeps_nothing_else_from_him()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        LimitUsdc(shop, 1);
        Send(shop, session, 3 * Unit);
        await shop.UntilAsync(session.Id, view => view.Own!.Awaits, "it waits");

        var due = session.Locks.Single(each => each.Asset == "native").DueStroops;
        Send(shop, session, due, asset: "native");

        var paid = await shop.UntilPaidAsync(session.Id);
        paid.Asset.ShouldBe("native");
        (paid.Own!.Awaits, IsThere(shop, session)).ShouldBe((true, true));
        LimitUsdc(shop, long.MaxValue);
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "the rest is with the merchant, too");
    }

    [Fact]
    public async Task No_address_is_opened_before_the_merchant_can_take_what_is_paid_there()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        shop.World.Network.Look(ledger => ledger.Accounts[shop.Address].Trustlines[shop.World.Network.Usdc].Authorized = false);
        shop.World.Network.ForgetWhatWasAsked();
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });

        var opening = await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled);
        // Looked at twice, and so passed over once.
        await TestWorld.UntilAsync(
            () => Task.FromResult(shop.World.Network.AccountsAsked.Count(each => each == shop.Address) > 1), "the merchant is looked at");
        IsThere(shop, opening.Value!).ShouldBeFalse();

        shop.World.Network.Look(ledger => ledger.Accounts[shop.Address].Trustlines[shop.World.Network.Usdc].Authorized = true);
        await shop.UntilAsync(session.Id, view => view.Own?.Status == PaymentAddressStatus.Open, "its own account is open");
    }

    [Fact]
    public async Task No_address_is_shown_before_its_issuer_lets_it_be_paid()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        bool Authorize(string address, bool isAuthorized) => shop.World.Network.Look(ledger =>
        {
            var line = ledger.Accounts.GetValueOrDefault(address)?.Trustlines.GetValueOrDefault(shop.World.Network.Usdc);
            line?.Authorized = isAuthorized;
            return line is not null;
        });
        shop.World.Network.BeforeAccount = address =>
        {
            _ = address != shop.Address && Authorize(address, isAuthorized: false);
            return Task.CompletedTask;
        };

        var own = (await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled)).Value!.Own!.Address;

        await TestWorld.UntilAsync(
            () => shop.World.Log.Lines.Any(line => line.Contains(" 3249 ", StringComparison.Ordinal) && line.Contains(own, StringComparison.Ordinal)),
            "it is looked at, and not opened");
        (await shop.ViewAsync(session.Id)).Own!.Status.ShouldBe(PaymentAddressStatus.Opening);
        shop.World.Network.BeforeAccount = null;
        // Again, for somebody may just have been about to ask.
        await shop.UntilAsync(
            session.Id,
            view => Authorize(own, isAuthorized: true) && view.Own?.Status == PaymentAddressStatus.Open, "its own account is open");
    }

    [Fact]
    public async Task A_strangers_little_keeps_no_session_from_being_cancelled()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        Send(shop, session, 1_000, asset: "native");
        await TestWorld.UntilAsync(
            () => Task.FromResult(
                (long?)shop.World.Storage.Stored(PaymentAddressState.Name, session.Id.Value)["balances"]?["native"] == 1_000),
            "it is taken in");

        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();

        await UntilClosedAsync(shop, session);
    }

    [Fact]
    public async Task What_ledgers_hold_by_then_is_not_cancelled_though_the_account_has_not_taken_it_in()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        // What the ledger tells of its opening is written too, and must not be what fails.
        await TestWorld.UntilAsync(
            () => (bool?)shop.World.Storage.Stored(PaymentAddressState.Name, session.Id.Value)["hasAccount"] == true, "it has heard of that");
        var failed = new TaskCompletionSource();
        shop.World.Storage.FailNextWrite(PaymentAddressState.Name, Failing.BeforeTheWrite, json =>
        {
            var isIt = json.Contains(session.Own!.Address, StringComparison.Ordinal);
            return isIt && failed.TrySetResult();
        });

        Send(shop, session, 10 * Unit);
        // It tries again in a second.
        await failed.Task.WaitAsync(Cancelled);
        var canceled = await shop.GrainOf(session.Id).CancelAsync(shop.Id, null);

        canceled.Error.ShouldNotBeNull("it is being paid, or is by now");
        await shop.UntilPaidAsync(session.Id);
    }

    [Fact]
    public async Task What_its_account_paid_before_the_session_knew_of_it_is_its_payers_and_not_the_accounts()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        // Whatever it is told of its account, it can store none of it for now.
        for (var times = 0; times < 100; times++)
        {
            shop.World.Storage.FailNextWrite(PaymentSessionState.Name, Failing.BeforeTheWrite, json =>
                json.Contains(shop.Address, StringComparison.Ordinal) && json.Contains("\"own\":{", StringComparison.Ordinal));
        }

        await Should.ThrowAsync<Exception>(() => shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled));
        await TestWorld.UntilAsync(
            () => shop.World.Storage.Find(PaymentAddressState.Name, session.Id.Value) is { } own && (string?)own["status"] == "Open",
            "its account is open");
        var address = (string)shop.World.Storage.Stored(PaymentAddressState.Name, session.Id.Value)["key"]!["publicKey"]!;
        var known = session with { Own = new SessionAddress(address, PaymentAddressStatus.Open) };
        var payer = shop.World.Network.NewOutsider();
        Send(shop, known, 10 * Unit, payer);
        await TestWorld.UntilAsync(() => !IsThere(shop, known), "the account has paid, and is no more");
        await shop.UntilBookAsync(book => book is { Unallocated: 10 * Unit }, "the merchant has it");
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(0);
        shop.World.Storage.ForgetFailures();

        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Paid, "it is paid");
        (await shop.ViewAsync(session.Id)).Payments.ShouldHaveSingleItem().From.ShouldBe(payer);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Available: 99 * Unit / 10 }, "it is booked once");
    }

    [Fact]
    public async Task Whoever_asks_at_once_has_one_address_and_it_counts_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });

        var opened = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled)));

        opened.Select(each => each.Value!.Own!.Address).Distinct().Count().ShouldBe(1);
        ((int)shop.World.Storage.Stored(MerchantState.Name, shop.Id.Value)["addressDay"]!["tries"]!).ShouldBe(1);
    }

    [Fact]
    public async Task The_last_bit_of_a_price_that_was_paid_by_memo_completes_it()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        shop.Pay(995 * Unit / 100, session.Id.Value);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "most of it came");

        Send(shop, session, 5 * Unit / 100);

        (await shop.UntilPaidAsync(session.Id)).PaymentCount.ShouldBe(2);
        await UntilClosedAsync(shop, session);
    }

    [Fact]
    public async Task What_moved_something_and_is_parked_is_not_closed()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        // More than a number holds, of an asset that the session does not take, so that nothing is sent of it.
        Huge(shop, session);
        var poison = Huge(shop, session);
        await TestWorld.UntilAsync(
            async () => (await shop.World.Port<IParkedRows>().FindAsync(poison.PagingToken, Cancelled)).Count == 1, "it is parked");

        var control = shop.World.Grains.GetGrain<IPaymentAddressControl>(session.Id.Value);
        (await control.CloseParkedAsync(poison.PagingToken, Operator)).Error!.Code.ShouldBe("parked_operation_needed");

        (await shop.World.Port<IParkedRows>().FindAsync(poison.PagingToken, Cancelled)).Count.ShouldBe(1);
        (await control.CloseParkedAsync(1, Operator)).Error!.Code.ShouldBe("parked_operation_not_found");
    }

    [Fact]
    public async Task Xlm_of_which_nobody_can_read_whence_it_came_locks_nothing_once_an_operator_has_closed_that()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var address = session.Own!.Address;
        shop.World.Network.Look(ledger => ledger.Accounts[address].Native += Unit);
        var unread = shop.World.Network.AddUnread("raw", address);
        await TestWorld.UntilAsync(
            async () => (await shop.World.Port<IParkedRows>().FindAsync(unread.PagingToken, Cancelled)).Count == 1, "it is parked");
        var control = shop.World.Grains.GetGrain<IPaymentAddressControl>(session.Id.Value);

        (await control.CloseParkedAsync(unread.PagingToken, Operator)).Value.ShouldBe(1);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).IsSuccess, "it is cancelled");

        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
        await UntilClosedAsync(shop, session);
        await shop.UntilBookAsync(book => book is { Held: Unit, Unallocated: 0 }, "the merchant has it, and nobody in particular", "native");
        (await shop.ViewAsync(session.Id)).Payments.ShouldHaveSingleItem().From.ShouldBeNull();
    }

    [Fact]
    public async Task Its_address_is_shown_while_it_can_be_paid_and_nothing_is_on_its_way()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        (string? Status, string? Address) Shown(SessionAddress? own)
        {
            var shown = PaymentSessionJson.Of(session with { Own = own }, livemode: false).GetProperty("dedicated_address");
            return (shown.GetProperty("status").GetString(), shown.GetProperty("address").GetString());
        }

        Shown(null).ShouldBe(("offered", null));
        Shown(new SessionAddress("GA", PaymentAddressStatus.Opening)).ShouldBe(("opening", null));
        Shown(new SessionAddress("GA", PaymentAddressStatus.Open)).ShouldBe(("open", "GA"));
        Shown(new SessionAddress("GA", PaymentAddressStatus.Open, Awaits: true)).ShouldBe(("processing", null));
        Shown(new SessionAddress("GA", PaymentAddressStatus.Closed, Awaits: true)).ShouldBe(("processing", null));
        Shown(new SessionAddress("GA", PaymentAddressStatus.Closed)).ShouldBe(("closed", null));
        session = session with { Status = PaymentSessionStatus.Canceled };
        Shown(new SessionAddress("GA", PaymentAddressStatus.Open)).ShouldBe(("closed", null));
    }

    [Fact]
    public async Task A_session_whose_address_was_refused_can_be_asked_again_and_ends_as_any_other()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (asked, ended) = (
            await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true }),
            await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true }));
        (await shop.Control.SetTermsAsync(1, suspended: true)).Error.ShouldBeNull();
        foreach (var session in new[] { asked, ended })
        {
            (await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled)).Error!.Code.ShouldBe("merchant_suspended");
        }

        (await shop.Control.SetTermsAsync(2, suspended: false)).Error.ShouldBeNull();

        (await shop.GrainOf(asked.Id).OpenAddressAsync(shop.Id, Cancelled)).Error.ShouldBeNull();
        (await shop.GrainOf(ended.Id).CancelAsync(shop.Id, null)).Value!.Status.ShouldBe(PaymentSessionStatus.Canceled);
    }

    private static LedgerOperation Huge(TestMerchant shop, PaymentSessionView session) => shop.World.Network.Add(sequence =>
        new LedgerOperation(
            (sequence << 32) | 4097, $"{sequence:x64}", null, true, "payment", FakeNetwork.NewAddress(), session.Own!.Address,
            new Amount(Asset.Parse($"HUGE:{shop.World.Network.Issuer}"), long.MaxValue), null, sequence, shop.World.Network.Ledger.ClosedAt));

    private static void LimitUsdc(TestMerchant shop, long limit) =>
        shop.World.Network.Look(ledger => ledger.Accounts[shop.Address].Trustlines[shop.World.Network.Usdc].Limit = limit);
}
