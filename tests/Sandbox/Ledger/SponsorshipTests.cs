using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class SponsorshipTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("sponsor", "alice", "other");

    [Fact]
    public void A_sponsored_account_needs_no_lumens()
    {
        CreateSponsored("poor");

        _ledger.Account("poor").ShouldSatisfyAllConditions(
            poor => poor.Balance.ShouldBe(0),
            poor => poor.Sponsored.ShouldBe(2u),
            poor => poor.Sponsor.ShouldBe(_ledger.Id("sponsor")));
        _ledger.Account("sponsor").Sponsoring.ShouldBe(2u);
    }

    [Fact]
    public void A_sponsorship_left_open_fails_the_transaction_without_operation_results()
    {
        var applied = _ledger.Apply("sponsor", new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")));

        applied.Result.ShouldBe(new TransactionResult(100, TransactionResultCode.BadSponsorship));
    }

    [Fact]
    public void Sponsoring_does_not_nest()
    {
        Operation begin = new BeginSponsoringFutureReservesOperation(_ledger.Id("alice"));

        _ledger.Fail(
            "sponsor", begin, _ledger.By("other", new BeginSponsoringFutureReservesOperation(_ledger.Id("alice"))))
            .ShouldBe(Begin(BeginSponsoringFutureReservesResultCode.AlreadySponsored));
        _ledger.Fail(
            "sponsor", begin, _ledger.By("alice", new BeginSponsoringFutureReservesOperation(_ledger.Id("other"))))
            .ShouldBe(Begin(BeginSponsoringFutureReservesResultCode.Recursive));
        _ledger.Fail(
            "sponsor", begin, _ledger.By("other", new BeginSponsoringFutureReservesOperation(_ledger.Id("sponsor"))))
            .ShouldBe(Begin(BeginSponsoringFutureReservesResultCode.Recursive));
    }

    [Fact]
    public void A_sponsor_cannot_merge_away()
    {
        CreateSponsored("poor");

        _ledger.Fail("sponsor", new AccountMergeOperation(_ledger.Id("root")))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.IsSponsor));
        _ledger.Succeed("sponsor", _ledger.By("poor", new AccountMergeOperation(_ledger.Id("sponsor"))));
        _ledger.Succeed("sponsor", new AccountMergeOperation(_ledger.Id("root")));
    }

    [Fact]
    public void A_revoked_sponsorship_falls_to_the_owner_if_it_can_bear_it()
    {
        CreateSponsored("poor");
        var revoke = new RevokeSponsorshipOperation(new LedgerKeyAccount(_ledger.Id("poor")));

        _ledger.Fail("sponsor", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.LowReserve));
        _ledger.Fail("other", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));
        _ledger.Succeed("root", new PaymentOperation(_ledger.Id("poor"), Asset.Native, 10_000_000));
        _ledger.Succeed("sponsor", revoke);

        _ledger.Account("poor").Sponsor.ShouldBeNull();
        _ledger.Account("poor").Sponsored.ShouldBe(0u);
        _ledger.Account("sponsor").Sponsoring.ShouldBe(0u);
    }

    [Fact]
    public void A_sponsorship_can_pass_from_one_sponsor_to_another()
    {
        CreateSponsored("poor");

        _ledger.Succeed(
            "other",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("sponsor")),
            _ledger.By("sponsor", new RevokeSponsorshipOperation(new LedgerKeyAccount(_ledger.Id("poor")))),
            _ledger.By("sponsor", EndSponsoringFutureReservesOperation.Instance));

        _ledger.Account("poor").Sponsor.ShouldBe(_ledger.Id("other"));
        _ledger.Account("other").Sponsoring.ShouldBe(2u);
        _ledger.Account("sponsor").Sponsoring.ShouldBe(0u);
    }

    [Fact]
    public void Signers_data_offers_and_trustlines_can_be_sponsored_and_go_with_their_reserves()
    {
        var usd = _ledger.Asset("USD", "other");
        var signer = new Signer(SignerKey.Ed25519(_ledger.Id("key")), 1);
        _ledger.Succeed(
            "sponsor",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")),
            _ledger.By("alice", new ChangeTrustOperation(usd, 1000)),
            _ledger.By("alice", new ManageDataOperation("name", [1])),
            _ledger.By("alice", new ManageSellOfferOperation(Asset.Native, usd, 10, new Price(1, 1), 0)),
            _ledger.By("alice", AccountTests.Options() with { Signer = signer }),
            _ledger.By("alice", EndSponsoringFutureReservesOperation.Instance));
        _ledger.Account("sponsor").Sponsoring.ShouldBe(4u);
        _ledger.Account("alice").Sponsored.ShouldBe(4u);

        // The offer is bought up, which frees its sponsor as well.
        _ledger.Succeed("other", new ManageSellOfferOperation(usd, Asset.Native, 10, new Price(1, 1), 0));
        _ledger.Account("sponsor").Sponsoring.ShouldBe(3u);
        _ledger.Succeed("alice", new ManageDataOperation("name", null));
        _ledger.Succeed("alice", AccountTests.Options() with { Signer = signer with { Weight = 0 } });
        _ledger.Succeed("alice", new PaymentOperation(_ledger.Id("other"), usd, 10));
        _ledger.Succeed("alice", new ChangeTrustOperation(usd, 0));

        _ledger.Account("sponsor").Sponsoring.ShouldBe(0u);
        _ledger.Account("alice").Sponsored.ShouldBe(0u);
        _ledger.Account("alice").SubEntries.ShouldBe(0u);
    }

    [Fact]
    public void A_signers_sponsorship_is_revoked_by_whoever_pays_for_it()
    {
        var key = SignerKey.Ed25519(_ledger.Id("key"));
        _ledger.Succeed("alice", AccountTests.Options() with { Signer = new Signer(key, 1) });
        var revoke = new RevokeSponsorshipOperation(new SponsoredSigner(_ledger.Id("alice"), key));

        _ledger.Fail("sponsor", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));
        _ledger.Succeed(
            "sponsor",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")),
            _ledger.By("alice", revoke),
            _ledger.By("alice", EndSponsoringFutureReservesOperation.Instance));
        _ledger.Account("alice").Signers[0].Sponsor.ShouldBe(_ledger.Id("sponsor"));
        _ledger.Succeed("sponsor", revoke);
        _ledger.Account("alice").Signers[0].Sponsor.ShouldBeNull();
    }

    [Fact]
    public void A_claimable_balances_sponsorship_can_only_be_passed_on()
    {
        var created = _ledger.Succeed("sponsor", new CreateClaimableBalanceOperation(
            Asset.Native, 10, [new Claimant(_ledger.Id("alice"), ClaimUnconditional.Instance)]));
        var id = ((CreateClaimableBalanceResult)created.OperationResults[0].Inner!).BalanceId!.Value;

        _ledger.Account("sponsor").Sponsoring.ShouldBe(1u);
        _ledger.Fail("sponsor", new RevokeSponsorshipOperation(new LedgerKeyClaimableBalance(id)))
            .ShouldBe(Revoke(RevokeSponsorshipResultCode.OnlyTransferable));
    }

    private void CreateSponsored(string name) => _ledger.Succeed(
        "sponsor",
        new BeginSponsoringFutureReservesOperation(_ledger.Id(name)),
        new CreateAccountOperation(_ledger.Id(name), 0),
        _ledger.By(name, EndSponsoringFutureReservesOperation.Instance));

    private static OperationResult Begin(BeginSponsoringFutureReservesResultCode code) =>
        new BeginSponsoringFutureReservesResult(code);

    private static OperationResult Revoke(RevokeSponsorshipResultCode code) => new RevokeSponsorshipResult(code);
}
