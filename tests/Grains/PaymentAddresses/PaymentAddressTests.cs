using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;
using Asset = StellarPay.Grains.Money.Asset;
using static StellarPay.Grains.Tests.PaymentAddresses.OwnAddress;

namespace StellarPay.Grains.Tests.PaymentAddresses;

public abstract class PaymentAddressTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_without_a_memo_pays_the_session_and_the_account_is_no_more_after_it()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var payer = shop.World.Network.NewOutsider();

        var sent = Send(shop, session, 10 * Unit, payer);

        var paid = await shop.UntilPaidAsync(session.Id);
        var payment = paid.Payments.ShouldHaveSingleItem();
        (payment.From, payment.TransactionHash, payment.Ledger, payment.ClosedAt, payment.CountedStroops).ShouldBe(
            (payer, sent.TransactionHash, sent.Ledger, sent.ClosedAt, 10 * Unit));
        (paid.PaidAt, paid.PaidBy).ShouldBe((sent.ClosedAt, sent.TransactionHash));
        await UntilClosedAsync(shop, session);
        await shop.UntilBookAsync(
            book => book is { OnLedger: 10 * Unit, Available: 99 * Unit / 10, Fees: Unit / 10, Unallocated: 0 }, "the merchant has it");
        // By the same name the books hear of the account.
        shop.TypesOf(session.Id).Where(type => type != "payment_address.booked").ShouldBe(
            [
                "payment_session.created", "payment_session.address_changed", "payment_session.address_changed",
                // That something is on its way: the page shows no address then.
                "payment_session.address_changed", "payment_session.paid",
            ]);
        // Payments, trustlines away and merge are one.
        SweepsOf(shop, session).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_paid_there_goes_back_to_who_was_named_as_its_sender()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var payer = shop.World.Network.NewOutsider();
        Send(shop, session, 10 * Unit, payer, fromMuxed: new MuxedAccount(AccountId.Parse(payer), 7).ToString());
        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book.Available > 0, "the merchant has it");
        // The platform keeps its fee: without money of his own the merchant gives back no more than he got.
        shop.Pay(Unit, shop.Id.Value);
        await shop.UntilBookAsync(book => book.Available > 10 * Unit, "and some of his own");

        var refund = await shop.RefundAsync(session.Id);

        refund.Error.ShouldBeNull();
        await shop.UntilRefundAsync(refund.Value!.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task A_part_is_the_merchants_at_once_and_the_rest_completes_it()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));

        Send(shop, session, 4 * Unit);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "a part came");
        await shop.UntilBookAsync(book => book is { Pending: 4 * Unit, Unallocated: 0 }, "it is the merchant's, and pending");
        Send(shop, session, 900);
        Send(shop, session, 6 * Unit);

        var paid = await shop.UntilPaidAsync(session.Id);
        paid.PaymentCount.ShouldBe(2);
        await UntilClosedAsync(shop, session);
        // Dust goes along, and is too much.
        await shop.UntilBookAsync(book => book is { OnLedger: (10 * Unit) + 900, Pending: 0, Unallocated: 0 }, "all is the merchant's");
    }

    [Fact]
    public async Task It_is_opened_once_for_its_own_merchant_where_it_is_offered_and_there_is_time_left()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var again = await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled);
        again.Value!.Own.ShouldBe(session.Own);

        (await shop.GrainOf(session.Id).OpenAddressAsync(MerchantId.New(TimeProvider.System), Cancelled)).Error!.Code
            .ShouldBe("payment_session_not_found");
        var plain = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(plain.Id).OpenAddressAsync(shop.Id, Cancelled)).Error!.Code.ShouldBe("payment_address_not_offered");
        var brief = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true, ExpiresIn = TimeSpan.FromMinutes(9) });
        (await shop.GrainOf(brief.Id).OpenAddressAsync(shop.Id, Cancelled)).Error!.Code.ShouldBe("payment_session_not_open");
        (await shop.ViewAsync(brief.Id)).Own.ShouldBeNull();
    }

    [Fact]
    public async Task A_merchants_tier_says_how_many_he_has_in_a_day()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var perDay = new PaymentAddressOptions().Tier0;
        for (var number = 0; number < perDay; number++)
        {
            (await OpenAsync(shop)).Error.ShouldBeNull();
        }

        var used = await OpenAsync(shop);
        (used.Error!.Code, used.Error.RetryAfter > TimeSpan.Zero).ShouldBe(("payment_addresses_used", true));
        shop.Pass(TimeSpan.FromDays(1));
        (await OpenAsync(shop)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_sends_a_little_at_each_try_keeps_neither_the_payment_nor_the_account_for_ever()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var (spoilt, got) = (0, 0L);
        void Spoil() => shop.World.Faults.Arm(FaultPoint.PaymentSigned, _ =>
        {
            // Between what was signed and what is sent, as often as the account takes it.
            if (TrySend(shop, session, 1))
            {
                (spoilt, got) = (spoilt + 1, got + 1);
            }

            Spoil();
            return Task.CompletedTask;
        });
        Spoil();

        Send(shop, session, 10 * Unit);

        await shop.UntilPaidAsync(session.Id);
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
        shop.World.Faults.Clear();
        spoilt.ShouldBeInRange(3, 40);
        await shop.World.UntilAfterSweepsAsync(
            async () => await shop.BookAsync() is { Unallocated: 0 } book && book.OnLedger == (10 * Unit) + got, "all is the merchant's");
    }

    [Fact]
    public async Task When_its_time_is_over_and_nothing_came_it_expires_and_the_account_is_given_up()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));

        shop.Pass(TimeSpan.FromMinutes(16));

        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Expired, "it expired");
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
        await UntilClosedAsync(shop, session);
    }

    [Fact]
    public async Task What_came_in_time_counts_though_it_is_the_merchants_only_after_the_end()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        shop.World.Network.Look(ledger => ledger.Accounts[shop.Address].Trustlines[shop.World.Network.Usdc].Limit = 1);

        Send(shop, session, 10 * Unit);
        await shop.UntilAsync(session.Id, view => view.Own!.Awaits, "it waits");
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error!.Code.ShouldBe("payment_session_busy");
        shop.Pass(TimeSpan.FromMinutes(16));
        await shop.World.SweepAsync();
        (await shop.ViewAsync(session.Id)).Status.ShouldBe(PaymentSessionStatus.Created);
        shop.World.Network.Look(ledger => ledger.Accounts[shop.Address].Trustlines[shop.World.Network.Usdc].Limit = long.MaxValue);

        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Paid, "it is paid");
        (await shop.ViewAsync(session.Id)).Payments.ShouldHaveSingleItem().Verdict.ShouldBe(SessionPaymentVerdict.Counted);
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
    }

    [Fact]
    public async Task Whoever_creates_the_account_again_pays_the_merchant_too_and_too_late()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        await UntilClosedAsync(shop, session);
        var payer = shop.World.Network.NewOutsider();

        var address = session.Own!.Address;
        shop.World.Network.Add(sequence =>
        {
            shop.World.Network.Ledger.Accounts[address] = new FakeAccount { Sequence = sequence << 32, Native = 5 * Unit, Reserve = Unit };
            return new LedgerOperation(
                (sequence << 32) | 4097, $"{sequence:x64}", null, true, "create_account", payer, address,
                new Amount(Asset.Native, 5 * Unit), null, sequence, shop.World.Network.Ledger.ClosedAt);
        });

        // What the network holds back goes with the account, the rest by itself.
        var late = await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "it is with the merchant");
        late.Payments.ShouldAllBe(each => each.Verdict == SessionPaymentVerdict.Late && each.From == payer);
        (late.Status, late.Payments[0].Stroops, late.Payments[1].Stroops).ShouldBe((PaymentSessionStatus.Canceled, 4 * Unit, Unit));
        await shop.UntilBookAsync(book => book is { Held: 5 * Unit, Unallocated: 0 }, "it is its payer's to have back", "native");
        IsThere(shop, session).ShouldBeFalse();
    }

    [Fact]
    public async Task Xlm_that_comes_in_the_moment_of_the_end_goes_with_the_account()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000, shop.World.Network.Usdc));
        var late = shop.World.Network.NewOutsider();
        shop.World.Faults.Arm(FaultPoint.PaymentSigned, _ =>
        {
            Send(shop, session, 2 * Unit, late, "native");
            return Task.CompletedTask;
        });

        Send(shop, session, 10 * Unit);

        var paid = await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "both are with the merchant");
        (paid.Status, paid.Payments[1].Verdict, paid.Payments[1].From, paid.Payments[1].Stroops).ShouldBe(
            (PaymentSessionStatus.Paid, SessionPaymentVerdict.WrongAsset, late, 2 * Unit));
        await shop.UntilBookAsync(book => book is { Held: 2 * Unit, Unallocated: 0 }, "it is its payer's to have back", "native");
        await UntilClosedAsync(shop, session);
    }

    [Theory]
    [InlineData(FaultPoint.PaymentSigning)]
    [InlineData(FaultPoint.PaymentSigned)]
    [InlineData(FaultPoint.PaymentSubmitted)]
    public async Task Where_it_dies_on_the_way_to_the_merchant_it_goes_on_and_pays_once(string point)
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        shop.World.Faults.Arm(point, _ => throw new InvalidOperationException("it died here"));

        Send(shop, session, 10 * Unit);

        await UntilSweptAsync(shop, session);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whichever_of_its_writes_fails_all_is_booked_once(int which)
    {
        foreach (var how in new[] { Failing.BeforeTheWrite, Failing.AfterTheWriteTookEffect })
        {
            var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
            var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
            var writes = 0;
            shop.World.Storage.FailNextWrite(
                PaymentAddressState.Name, how, json => json.Contains(session.Own!.Address, StringComparison.Ordinal) && ++writes == which);

            Send(shop, session, 10 * Unit);

            await UntilSweptAsync(shop, session);
        }
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_key_that_may_not_be_stored_is_told_to_nobody_and_asked_for_again(Failing how)
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        // The accounts of other tests' sessions may just come to their end.
        shop.World.Storage.FailNextWrite(PaymentAddressState.Name, how, json => json.Contains(shop.Address, StringComparison.Ordinal));

        await Should.ThrowAsync<Exception>(() => shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled));
        (await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled)).Error.ShouldBeNull();

        session = await shop.UntilAsync(session.Id, view => view.Own?.Status == PaymentAddressStatus.Open, "its account is open");
        Send(shop, session, 10 * Unit);
        await UntilSweptAsync(shop, session);
    }

    [Fact]
    public async Task An_end_of_which_nobody_told_it_in_time_is_heard_when_what_waits_is_looked_for()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        // What the ledger tells of its opening would have it look, too.
        await TestWorld.UntilAsync(
            () => (bool?)shop.World.Storage.Stored(PaymentAddressState.Name, session.Id.Value)["hasAccount"] == true, "it has heard of that");
        (await shop.World.Grains.GetGrain<IPaymentAddressGrain>(session.Id.Value).ReadAsync())!.Awaits.ShouldBeFalse();
        // As a write of a session does it whose process died before it poked.
        var state = new PaymentSessionState { Merchant = shop.Id.Value };
        ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
            new LedgerOwner(PaymentAddressState.Name, session.Id.Value), new SessionEnded(session.Id.Value).ToJson()));
        var storage = shop.World.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider);

        await storage.WriteStateAsync(
            PaymentSessionState.Name, GrainId.Create("paymentsession", PaymentSessionId.New(TimeProvider.System).Value),
            new GrainState<PaymentSessionState>(state));

        // While no time of the business passes: at the session's end it would look by itself.
        await TestWorld.UntilAsync(
            async () =>
            {
                await shop.World.SweepAsync();
                return !IsThere(shop, session);
            },
            "the account is no more");
        await shop.UntilAsync(session.Id, view => view.Own!.Status == PaymentAddressStatus.Closed, "its session knows");
    }

    private static async Task<Results.Result<PaymentSessionView>> OpenAsync(TestMerchant shop)
    {
        var session = await shop.NewSessionAsync(shop.Order(1_000) with { OffersAddress = true });
        return await shop.GrainOf(session.Id).OpenAddressAsync(shop.Id, Cancelled);
    }
}

[Trait("Length", "long")]
public sealed class MemoryPaymentAddressTests(SharedWorld shared) : PaymentAddressTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresPaymentAddressTests(SharedPostgresWorld shared)
    : PaymentAddressTests(shared), IClassFixture<SharedPostgresWorld>
{
    private readonly SharedPostgresWorld _shared = shared;

    [Fact]
    public async Task A_rotation_of_keys_wraps_its_key_anew_and_what_comes_then_is_swept()
    {
        await using var world = await _shared.StartOwnAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        world.KeyEncryptionKey.Rotate();

        (await world.Grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key).StartAsync()).ShouldNotBeNull();
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult(
                (string)world.Storage.Stored(PaymentAddressState.Name, session.Id.Value)["key"]!["keyId"]!
                    == world.KeyEncryptionKey.CurrentKeyId),
            "its key is wrapped anew");

        world.Network.Issue(session.Own!.Address, 10 * TestMerchant.Unit);
        await world.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Paid, "it is paid");
    }
}
