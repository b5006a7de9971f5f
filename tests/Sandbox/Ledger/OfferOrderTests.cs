using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>
/// Which fault wins and what stays of an offer, as in stellar-core's ManageOfferOpFrameBase and OfferExchange.
/// </summary>
public sealed class OfferOrderTests
{
    private static readonly Price One = new(1, 1);

    private readonly TestLedger _ledger = new TestLedger().Create("issuer", "alice", "bob");
    private readonly Asset _usd;
    private readonly Asset _eur;

    public OfferOrderTests()
    {
        _usd = _ledger.Asset("USD", "issuer");
        _eur = _ledger.Asset("EUR", "issuer");
    }

    [Fact]
    public void What_is_sold_is_looked_at_before_what_is_bought_and_an_empty_line_before_its_authorisation()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable));
        FailsSell(10, 77, ManageSellOfferResultCode.SellNoTrust);
        _ledger.Trust(_usd, "alice");
        Authorize(_usd, 2);
        FailsSell(10, 77, ManageSellOfferResultCode.Underfunded);
        Authorize(_usd, 1);
        _ledger.Issue(_usd, "issuer", "alice", 5);
        Authorize(_usd, 2);
        FailsSell(10, 77, ManageSellOfferResultCode.SellNotAuthorized);
        Authorize(_usd, 1);
        FailsSell(10, 77, ManageSellOfferResultCode.BuyNoTrust);
        _ledger.Succeed("alice", new ChangeTrustOperation(_eur, 9));
        Authorize(_eur, 2);
        FailsSell(10, 77, ManageSellOfferResultCode.BuyNotAuthorized);
        Authorize(_eur, 1);
        FailsSell(10, 77, ManageSellOfferResultCode.NotFound);
        FailsSell(10, 0, ManageSellOfferResultCode.LineFull);
        FailsSell(9, 0, ManageSellOfferResultCode.Underfunded);
        _ledger.Succeed("alice", Sell(5, 0));
    }

    [Fact]
    public void The_reserve_of_a_new_offer_comes_before_its_liabilities_and_an_old_one_needs_none()
    {
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 50, One, 0));
        _ledger.Drain("alice", entries: 4);

        _ledger.Fail("alice", new ManageSellOfferOperation(_usd, Asset.Native, 1000, One, 0))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.LowReserve));
        _ledger.Fail("alice", new ManageBuyOfferOperation(_usd, Asset.Native, 1000, One, 0))
            .ShouldBe(new ManageBuyOfferResult(ManageBuyOfferResultCode.LowReserve));
        _ledger.Fail("alice", new ManageSellOfferOperation(_usd, Asset.Native, 101, One, 1))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.Underfunded));
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 100, One, 1));
    }

    [Fact]
    public void An_offer_is_deleted_whatever_became_of_the_trustlines_but_by_its_owner_only()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable));
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 50, One, 0));
        Authorize(_usd, 2);

        _ledger.Fail("bob", new ManageSellOfferOperation(_usd, Asset.Native, 0, One, 1))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.NotFound));
        var deleted = _ledger.Succeed("alice", new ManageSellOfferOperation(_eur, _usd, 0, One, 1));

        deleted.OperationResults[0].ShouldBe(new ManageSellOfferResult(
            ManageSellOfferResultCode.Success, new ManageOfferSuccess([], ManageOfferEffect.Deleted)));
        _ledger.State.TrustLine(_ledger.Id("alice"), _usd).ShouldNotBeNull().SellingLiabilities.ShouldBe(0);
        _ledger.Account("alice").SubEntries.ShouldBe(1u);
    }

    [Fact]
    public void Ids_must_not_be_negative_and_a_new_offer_must_sell_something_at_a_real_price()
    {
        ManageSellOfferOperation[] malformed =
        [
            new(_usd, Asset.Native, 0, One, 0),
            new(_usd, Asset.Native, -1, One, 1),
            new(_usd, Asset.Native, 1, One, -1),
            new(_usd, _usd, 1, One, 0),
            new(_usd, Asset.Native, 1, new Price(0, 1), 0),
            new(_usd, Asset.Native, 1, new Price(1, 0), 0),
            new(_usd, Asset.Native, 1, new Price(-1, -1), 0),
        ];

        foreach (var operation in malformed)
        {
            _ledger.Refused(_ledger.Signed(_ledger.Transaction("alice", operation), "alice")).Operations
                .ShouldBe([new ManageSellOfferResult(ManageSellOfferResultCode.Malformed)]);
        }
    }

    [Fact]
    public void A_sponsored_offer_keeps_its_sponsor_when_changed_and_frees_it_when_revoked_authorisation_removes_it()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable));
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed(
            "bob",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")),
            _ledger.By("alice", new ManageSellOfferOperation(_usd, Asset.Native, 50, One, 0)),
            _ledger.By("alice", EndSponsoringFutureReservesOperation.Instance));

        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 60, One, 1));
        _ledger.State.Offer(1).ShouldNotBeNull().Sponsor.ShouldBe(_ledger.Id("bob"));
        _ledger.Account("bob").Sponsoring.ShouldBe(1u);
        Authorize(_usd, 0);

        _ledger.State.Offers.ShouldBeEmpty();
        _ledger.Account("bob").Sponsoring.ShouldBe(0u);
        _ledger.Account("alice").Sponsored.ShouldBe(0u);
        _ledger.Account("alice").SubEntries.ShouldBe(1u);
    }

    [Fact]
    public void A_passive_offer_stays_passive_when_changed_and_crosses_only_what_is_better()
    {
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 100_000);
        _ledger.Succeed("bob", new CreatePassiveSellOfferOperation(Asset.Native, _usd, 10_000, One));
        _ledger.Succeed("alice", new CreatePassiveSellOfferOperation(_usd, Asset.Native, 10_000, One));

        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 20_000, One, 2));
        _ledger.State.Offer(2).ShouldNotBeNull().Flags.ShouldBe(OfferFlags.Passive);
        _ledger.State.Offers.Count.ShouldBe(2);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 20_000, new Price(99, 100), 2));

        _ledger.State.Offers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            offer => offer.Id.ShouldBe(2),
            offer => offer.Amount.ShouldBe(10_000),
            offer => offer.Flags.ShouldBe(OfferFlags.Passive));
    }

    [Fact]
    public void A_new_offer_is_crossed_against_dearer_offers_of_its_own_only_where_it_would_take_them()
    {
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 10, new Price(2, 1), 0));
        _ledger.Succeed("issuer", new ManageSellOfferOperation(_usd, Asset.Native, 10, One, 0));

        // Dearer than what it bids: the own offer is never reached.
        _ledger.Succeed("alice", new ManageSellOfferOperation(Asset.Native, _usd, 5, One, 0));
        _ledger.Fail("alice", new ManageSellOfferOperation(Asset.Native, _usd, 10, new Price(1, 2), 0))
            .ShouldBe(new ManageSellOfferResult(ManageSellOfferResultCode.CrossSelf));
    }

    private ManageSellOfferOperation Sell(long amount, long id) => new(_usd, _eur, amount, One, id);

    private void FailsSell(long amount, long id, ManageSellOfferResultCode code) =>
        _ledger.Fail("alice", Sell(amount, id)).ShouldBe(new ManageSellOfferResult(code));

    private void Authorize(Asset asset, uint flags) =>
        _ledger.Succeed("issuer", new AllowTrustOperation(_ledger.Id("alice"), asset.Code, flags));
}
