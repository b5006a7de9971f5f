using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class TrustTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("issuer", "alice", "bob");
    private readonly Asset _usd;

    public TrustTests() => _usd = _ledger.Asset("USD", "issuer");

    [Fact]
    public void Trust_in_an_issuer_that_does_not_exist_or_in_oneself_or_in_pool_shares_is_refused()
    {
        _ledger.Fail("alice", new ChangeTrustOperation(_ledger.Asset("USD", "nobody"), 1))
            .ShouldBe(new ChangeTrustResult(ChangeTrustResultCode.NoIssuer));
        var self = _ledger.Transaction("issuer", new ChangeTrustOperation(_usd, 1));
        var pool = _ledger.Transaction("alice", new ChangeTrustOperation(
            ChangeTrustAsset.PoolShare(new LiquidityPoolParameters(Asset.Native, _usd, 30)), 1));

        _ledger.Refused(_ledger.Signed(self, "issuer")).Operations
            .ShouldBe([new ChangeTrustResult(ChangeTrustResultCode.Malformed)]);
        _ledger.Refused(_ledger.Signed(pool, "alice")).Operations
            .ShouldBe([new ChangeTrustResult(ChangeTrustResultCode.Malformed)]);
    }

    [Fact]
    public void A_limit_cannot_fall_below_what_is_held_and_what_offers_may_still_buy()
    {
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(Asset.Native, _usd, 50, new Price(1, 1), 0));

        _ledger.Fail("alice", new ChangeTrustOperation(_usd, 149))
            .ShouldBe(new ChangeTrustResult(ChangeTrustResultCode.InvalidLimit));
        _ledger.Succeed("alice", new ChangeTrustOperation(_usd, 150));
    }

    [Fact]
    public void Where_authorisation_is_required_a_trustline_begins_without_it()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRequired | AccountFlags.AuthRevocable));
        _ledger.Trust(_usd, "alice");

        _ledger.Fail("issuer", new PaymentOperation(_ledger.Id("alice"), _usd, 1))
            .ShouldBe(new PaymentResult(PaymentResultCode.NotAuthorized));
        _ledger.Succeed("issuer", new AllowTrustOperation(_ledger.Id("alice"), _usd.Code, 1));
        _ledger.Issue(_usd, "issuer", "alice", 1);
    }

    [Fact]
    public void Revoking_authorisation_removes_the_offers_and_their_liabilities_and_reserves()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable));
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 50, new Price(1, 1), 0));
        _ledger.Succeed("alice", new ManageSellOfferOperation(Asset.Native, _usd, 50, new Price(2, 1), 0));

        _ledger.Succeed("issuer", new SetTrustLineFlagsOperation(_ledger.Id("alice"), _usd, 1, 0));

        _ledger.State.Offers.ShouldBeEmpty();
        _ledger.Account("alice").SubEntries.ShouldBe(1u);
        _ledger.State.TrustLine(_ledger.Id("alice"), _usd).ShouldNotBeNull().SellingLiabilities.ShouldBe(0);
    }

    [Fact]
    public void Authorised_to_maintain_liabilities_keeps_offers_but_pays_nobody()
    {
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable));
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 50, new Price(1, 1), 0));

        _ledger.Succeed("issuer", new AllowTrustOperation(_ledger.Id("alice"), _usd.Code, 2));

        _ledger.Fail("alice", new PaymentOperation(_ledger.Id("bob"), _usd, 1))
            .ShouldBe(new PaymentResult(PaymentResultCode.SrcNotAuthorized));
        _ledger.Succeed("bob", new ManageSellOfferOperation(Asset.Native, _usd, 50, new Price(1, 1), 0));
        _ledger.State.TrustLine(_ledger.Id("bob"), _usd).ShouldNotBeNull().Balance.ShouldBe(50);
    }

    [Fact]
    public void An_issuer_without_the_right_to_revoke_cannot_take_authorisation_back()
    {
        _ledger.Trust(_usd, "alice");

        _ledger.Fail("issuer", new AllowTrustOperation(_ledger.Id("alice"), _usd.Code, 0))
            .ShouldBe(new AllowTrustResult(AllowTrustResultCode.CantRevoke));
        _ledger.Fail("issuer", new AllowTrustOperation(_ledger.Id("alice"), _usd.Code, 2))
            .ShouldBe(new AllowTrustResult(AllowTrustResultCode.CantRevoke));
        _ledger.Fail("issuer", new SetTrustLineFlagsOperation(_ledger.Id("alice"), _usd, 1, 2))
            .ShouldBe(new SetTrustLineFlagsResult(SetTrustLineFlagsResultCode.CantRevoke));
    }

    [Fact]
    public void Full_and_partial_authorisation_together_are_an_invalid_state()
    {
        _ledger.Trust(_usd, "alice");

        _ledger.Fail("issuer", new SetTrustLineFlagsOperation(_ledger.Id("alice"), _usd, 0, 2))
            .ShouldBe(new SetTrustLineFlagsResult(SetTrustLineFlagsResultCode.InvalidState));
    }

    [Fact]
    public void Clawback_takes_what_is_held_but_not_what_offers_bind()
    {
        _ledger.Succeed(
            "issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable | AccountFlags.AuthClawbackEnabled));
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("alice", new ManageSellOfferOperation(_usd, Asset.Native, 60, new Price(1, 1), 0));

        _ledger.Fail("issuer", new ClawbackOperation(_usd, _ledger.Id("alice"), 41))
            .ShouldBe(new ClawbackResult(ClawbackResultCode.Underfunded));
        _ledger.Succeed("issuer", new ClawbackOperation(_usd, _ledger.Id("alice"), 40));

        _ledger.State.TrustLine(_ledger.Id("alice"), _usd).ShouldNotBeNull().Balance.ShouldBe(60);
    }

    [Fact]
    public void Credits_can_go_back_to_an_issuer_whose_account_is_gone()
    {
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 100);
        _ledger.Succeed("issuer", new AccountMergeOperation(_ledger.Id("root")));

        _ledger.Succeed("alice", new PaymentOperation(_ledger.Id("issuer"), _usd, 100));
        _ledger.Fail("alice", new PaymentOperation(_ledger.Id("issuer"), Asset.Native, 1))
            .ShouldBe(new PaymentResult(PaymentResultCode.NoDestination));
        _ledger.Fail("alice", new ChangeTrustOperation(_usd, 1))
            .ShouldBe(new ChangeTrustResult(ChangeTrustResultCode.NoIssuer));
        _ledger.Succeed("alice", new ChangeTrustOperation(_usd, 0));
    }
}
