using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class OfferTests
{
    private static readonly Price One = new(1, 1);

    private readonly TestLedger _ledger = new TestLedger().Create("issuer", "alice", "bob");
    private readonly Asset _usd;

    public OfferTests()
    {
        _usd = _ledger.Asset("USD", "issuer");
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 10_000);
    }

    [Fact]
    public void A_passive_offer_rests_beside_one_of_the_same_price_and_its_result_says_manage_sell_offer()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, One, 0));

        var applied = _ledger.Succeed("bob", new CreatePassiveSellOfferOperation(Asset.Native, _usd, 100, One));

        var success = Success(applied);
        success.Claimed.ShouldBeEmpty();
        success.Offer.ShouldNotBeNull().Flags.ShouldBe((uint)OfferFlags.Passive);
        _ledger.State.Offers.Count.ShouldBe(2);
    }

    [Fact]
    public void The_older_of_two_offers_of_one_price_is_crossed_first()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, new Price(2, 2), 0));
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, One, 0));

        var claims = Claims(_ledger.Succeed("bob", new ManageSellOfferOperation(Asset.Native, _usd, 150, One, 0)));

        claims.ShouldBe([
            new ClaimOfferAtom(_ledger.Id("alice"), 1, _usd, 100, Asset.Native, 100),
            new ClaimOfferAtom(_ledger.Id("alice"), 2, _usd, 50, Asset.Native, 50),
        ]);
    }

    [Fact]
    public void Whoever_crosses_gets_the_price_of_the_book_and_not_its_own()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, One, 0));
        var before = _ledger.Account("bob").Balance;

        _ledger.Succeed("bob", new ManageBuyOfferOperation(Asset.Native, _usd, 100, new Price(5, 1), 0));

        _ledger.Account("bob").Balance.ShouldBe(before - 100 - 100);
        _ledger.State.Offers.ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_crosses_an_offer_of_its_own()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, One, 0));

        _ledger.Fail("alice", new ManageSellOfferOperation(Asset.Native, _usd, 100, One, 0))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.CrossSelf));
    }

    [Fact]
    public void An_offer_that_is_changed_keeps_its_id_and_what_it_bound_is_freed_first()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 10_000, One, 0));

        var applied = _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 9_000, One, 1));

        var success = Success(applied);
        success.Effect.ShouldBe(ManageOfferEffect.Updated);
        success.Offer.ShouldNotBeNull().OfferId.ShouldBe(1);
        _ledger.State.TrustLine(_ledger.Id("alice"), _usd).ShouldNotBeNull().SellingLiabilities.ShouldBe(9_000);
    }

    [Fact]
    public void Liabilities_of_offers_cannot_exceed_what_is_held()
    {
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 6_000, One, 0));

        _ledger.Fail("alice", new ManageSellOfferOperation(_usd, Asset.Native, 4_001, One, 0))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.Underfunded));
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 4_000, One, 0));
        _ledger.Fail("alice", new PaymentOperation(_ledger.Id("bob"), _usd, 1))
            .ShouldBe(new PaymentResult(PaymentResultCode.Underfunded));
    }

    [Fact]
    public void An_operation_crosses_a_thousand_offers_at_most()
    {
        _ledger.Create("carol").Trust(_usd, "carol").Issue(_usd, "issuer", "carol", 10_000);
        Operation sell = new ManageSellOfferOperation(_usd, Asset.Native, 1, One, 0);
        for (var batch = 0; batch < 9; batch++)
        {
            _ledger.Succeed("alice", [.. Enumerable.Repeat(sell, 100)]);
        }

        _ledger.Succeed("carol", [.. Enumerable.Repeat(sell, 100)]);
        _ledger.Succeed("carol", sell);

        _ledger.Fail("bob", new ManageSellOfferOperation(Asset.Native, _usd, 1001, One, 0))
            .ShouldBe(new OperationResult(OperationResultCode.ExceededWorkLimit));
        Claims(_ledger.Succeed("bob", new ManageSellOfferOperation(Asset.Native, _usd, 1000, One, 0)))
            .Count.ShouldBe(1000);
    }

    [Fact]
    public void A_path_payment_goes_through_several_books_and_names_every_offer_in_the_paths_order()
    {
        var eur = _ledger.Asset("EUR", "issuer");
        _ledger.Create("carol").Trust(eur, "alice", "carol").Issue(eur, "issuer", "alice", 10_000);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 1_000, new Price(2, 1), 0));
        _ledger.Succeed("alice", new ManageSellOfferOperation(eur, _usd, 1_000, new Price(3, 1), 0));

        var receive = _ledger.Succeed("bob", new PathPaymentStrictReceiveOperation(
            Asset.Native, 60, _ledger.Id("carol"), eur, 10, [_usd]));
        var send = _ledger.Succeed("bob", new PathPaymentStrictSendOperation(
            Asset.Native, 60, _ledger.Id("carol"), eur, 10, [_usd]));

        ValueList<ClaimAtom> expected =
        [
            new ClaimOfferAtom(_ledger.Id("alice"), 1, _usd, 30, Asset.Native, 60),
            new ClaimOfferAtom(_ledger.Id("alice"), 2, eur, 10, _usd, 30),
        ];
        var last = new SimplePaymentResult(_ledger.Id("carol"), eur, 10);
        receive.OperationResults[0].ShouldBe(new PathPaymentStrictReceiveResult(
            PathPaymentStrictReceiveResultCode.Success, new PathPaymentSuccess(expected, last)));
        send.OperationResults[0].ShouldBe(new PathPaymentStrictSendResult(
            PathPaymentStrictSendResultCode.Success, new PathPaymentSuccess(expected, last)));
        _ledger.Fail("bob", new PathPaymentStrictReceiveOperation(
            Asset.Native, 59, _ledger.Id("carol"), eur, 10, [_usd]))
            .ShouldBe(new PathPaymentStrictReceiveResult(PathPaymentStrictReceiveResultCode.OverSendmax));
        _ledger.Fail("bob", new PathPaymentStrictSendOperation(
            Asset.Native, 60, _ledger.Id("carol"), eur, 11, [_usd]))
            .ShouldBe(new PathPaymentStrictSendResult(PathPaymentStrictSendResultCode.UnderDestmin));
    }

    [Fact]
    public void Prices_that_double_precision_cannot_tell_apart_are_crossed_by_age()
    {
        // The first is dearer by less than a double can show, so the network takes the older one first.
        var dearer = new Price(2_147_483_646, 2_147_483_645);
        var cheaper = new Price(2_147_483_647, 2_147_483_646);
        PriceRules.IsAbove(dearer, cheaper).ShouldBeTrue();
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, dearer, 0));
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, cheaper, 0));

        _ledger.State.OrderBook.Best(_usd, Asset.Native).ShouldNotBeNull().Price.ShouldBe(dearer);
    }

    private static ValueList<ClaimAtom> Claims(AppliedTransaction applied) => Success(applied).Claimed;

    private static ManageOfferSuccess Success(AppliedTransaction applied) =>
        applied.OperationResults[0].Inner.ShouldBeOfType<ManageSellOfferResult>().Success.ShouldNotBeNull();
}
