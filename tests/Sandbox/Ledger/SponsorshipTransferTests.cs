using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>
/// Who pays for what after RevokeSponsorship, as in stellar-core's RevokeSponsorshipOpFrame and SponsorshipUtils.
/// </summary>
public sealed class SponsorshipTransferTests
{
    private static readonly Price One = new(1, 1);

    private readonly TestLedger _ledger = new TestLedger().Create("sponsor", "alice", "other");
    private readonly Asset _usd;
    private readonly SignerKey _key;

    public SponsorshipTransferTests()
    {
        _usd = _ledger.Asset("USD", "other");
        _key = SignerKey.Ed25519(_ledger.Id("key"));
    }

    [Fact]
    public void All_that_an_account_owns_can_pass_to_a_sponsor_then_to_another_and_back_to_the_owner()
    {
        HoldOneOfEach();
        var all = EachOf("alice");

        Under("sponsor", "alice", all);
        Counts("alice", 4, 0);
        Counts("sponsor", 0, 4);
        _ledger.Fail("alice", all[0]).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));

        Under("other", "sponsor", all);
        Counts("alice", 4, 0);
        Counts("sponsor", 0, 0);
        Counts("other", 0, 4);

        _ledger.Drain("alice", entries: 2);
        foreach (var each in all)
        {
            _ledger.Fail("other", each).ShouldBe(Revoke(RevokeSponsorshipResultCode.LowReserve));
        }

        _ledger.Succeed("root", new PaymentOperation(_ledger.Id("alice"), Asset.Native, 2 * TestLedger.Lumen));
        _ledger.Succeed("other", all);
        Counts("alice", 0, 0);
        Counts("other", 0, 0);
    }

    [Fact]
    public void What_passes_to_the_owner_as_sponsor_of_its_sponsor_is_simply_the_owners_again()
    {
        HoldOneOfEach();
        Under("sponsor", "alice", EachOf("alice"));

        Under("alice", "sponsor", EachOf("alice"));

        Counts("alice", 0, 0);
        Counts("sponsor", 0, 0);
        _ledger.State.DataOf(_ledger.Id("alice"), "name").ShouldNotBeNull().Sponsor.ShouldBeNull();
    }

    [Fact]
    public void A_sponsor_without_the_reserve_takes_nothing_over()
    {
        HoldOneOfEach();
        _ledger.Drain("sponsor", entries: 2);

        foreach (var each in EachOf("alice"))
        {
            _ledger.Fail("sponsor", Enclosed("alice", each))
                .ShouldBe(Revoke(RevokeSponsorshipResultCode.LowReserve));
        }
    }

    [Fact]
    public void An_owner_that_nobody_sponsors_may_revoke_what_it_pays_itself_and_nothing_changes()
    {
        HoldOneOfEach();

        _ledger.Succeed("alice", EachOf("alice"));
        _ledger.Fail("sponsor", EachOf("alice")[0]).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));

        Counts("alice", 0, 0);
    }

    [Fact]
    public void A_claimable_balance_passes_on_with_a_reserve_for_each_claimant()
    {
        var created = _ledger.Succeed("alice", new CreateClaimableBalanceOperation(
            Asset.Native,
            10,
            [
                new Claimant(_ledger.Id("alice"), ClaimUnconditional.Instance),
                new Claimant(_ledger.Id("other"), ClaimUnconditional.Instance),
            ]));
        var id = ((CreateClaimableBalanceResult)created.OperationResults[0].Inner!).BalanceId!.Value;
        var revoke = new RevokeSponsorshipOperation(new LedgerKeyClaimableBalance(id));
        Counts("alice", 0, 2);

        _ledger.Fail("other", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));
        Under("sponsor", "alice", revoke);
        Counts("alice", 0, 0);
        Counts("sponsor", 0, 2);
        _ledger.Fail("alice", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.NotSponsor));
        _ledger.Fail("sponsor", new AccountMergeOperation(_ledger.Id("root")))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.IsSponsor));

        _ledger.Succeed("other", new ClaimClaimableBalanceOperation(id));
        Counts("sponsor", 0, 0);
        _ledger.Fail("sponsor", revoke).ShouldBe(Revoke(RevokeSponsorshipResultCode.DoesNotExist));
    }

    [Fact]
    public void Keys_that_no_entry_can_have_are_malformed_and_others_do_not_exist()
    {
        var alice = _ledger.Id("alice");
        LedgerKey[] malformed =
        [
            new LedgerKeyOffer(alice, 0),
            new LedgerKeyData(alice, ""),
            new LedgerKeyData(alice, "\u0007"),
            new LedgerKeyTrustLine(alice, Asset.Native),
            new LedgerKeyTrustLine(_ledger.Id("other"), _usd),
        ];
        HoldOneOfEach();

        foreach (var key in malformed)
        {
            var transaction = _ledger.Transaction("alice", new RevokeSponsorshipOperation(key));
            _ledger.Refused(_ledger.Signed(transaction, "alice")).Operations
                .ShouldBe([Revoke(RevokeSponsorshipResultCode.Malformed)]);
        }

        _ledger.Fail("other", new RevokeSponsorshipOperation(new LedgerKeyOffer(_ledger.Id("other"), 1)))
            .ShouldBe(Revoke(RevokeSponsorshipResultCode.DoesNotExist));
        _ledger.Fail("alice", new RevokeSponsorshipOperation(new SponsoredSigner(_ledger.Id("nobody"), _key)))
            .ShouldBe(Revoke(RevokeSponsorshipResultCode.DoesNotExist));
        _ledger.Fail("alice", new RevokeSponsorshipOperation(new SponsoredSigner(_ledger.Id("other"), _key)))
            .ShouldBe(Revoke(RevokeSponsorshipResultCode.DoesNotExist));
    }

    [Fact]
    public void Nobody_sponsors_itself_and_nothing_ends_that_has_not_begun()
    {
        var self = _ledger.Transaction("alice", new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")));

        _ledger.Refused(_ledger.Signed(self, "alice")).Operations.ShouldBe(
        [
            new BeginSponsoringFutureReservesResult(BeginSponsoringFutureReservesResultCode.Malformed),
        ]);
        _ledger.Fail("alice", EndSponsoringFutureReservesOperation.Instance)
            .ShouldBe(new EndSponsoringFutureReservesResult(EndSponsoringFutureReservesResultCode.NotSponsored));
    }

    [Fact]
    public void A_merge_frees_the_sponsors_of_the_account_and_of_its_signers_even_if_one_inherits()
    {
        // MergeOpFrame::doApplyFromV16: signers go before the destination is paid.
        _ledger.Succeed(
            "sponsor",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("poor")),
            new CreateAccountOperation(_ledger.Id("poor"), 5),
            _ledger.By("poor", AccountTests.Options() with { Signer = new Signer(_key, 1) }),
            _ledger.By("poor", EndSponsoringFutureReservesOperation.Instance));
        Counts("sponsor", 0, 3);
        var before = _ledger.Account("sponsor").Balance;

        var merged = _ledger.Succeed("alice", _ledger.By("poor", new AccountMergeOperation(_ledger.Id("sponsor"))));

        merged.OperationResults[0].ShouldBe(new AccountMergeResult(AccountMergeResultCode.Success, 5));
        Counts("sponsor", 0, 0);
        _ledger.Account("sponsor").Balance.ShouldBe(before + 5);
    }

    [Fact]
    public void Whoever_sponsors_in_this_very_transaction_cannot_merge()
    {
        _ledger.Fail(
            "sponsor",
            new BeginSponsoringFutureReservesOperation(_ledger.Id("alice")),
            new AccountMergeOperation(_ledger.Id("root")),
            _ledger.By("alice", EndSponsoringFutureReservesOperation.Instance))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.IsSponsor));
    }

    private static OperationResult Revoke(RevokeSponsorshipResultCode code) => new RevokeSponsorshipResult(code);

    private void HoldOneOfEach() => _ledger.Succeed(
        "alice",
        new ChangeTrustOperation(_usd, 1000),
        new ManageDataOperation("name", [1]),
        new ManageSellOfferOperation(Asset.Native, _usd, 10, One, 0),
        AccountTests.Options() with { Signer = new Signer(_key, 1) });

    private Operation[] EachOf(string owner) =>
    [
        new RevokeSponsorshipOperation(new LedgerKeyTrustLine(_ledger.Id(owner), _usd)),
        new RevokeSponsorshipOperation(new LedgerKeyData(_ledger.Id(owner), "name")),
        new RevokeSponsorshipOperation(new LedgerKeyOffer(_ledger.Id(owner), 1)),
        new RevokeSponsorshipOperation(new SponsoredSigner(_ledger.Id(owner), _key)),
    ];

    private Operation[] Enclosed(string sponsored, params Operation[] operations) =>
    [
        new BeginSponsoringFutureReservesOperation(_ledger.Id(sponsored)),
        .. operations.Select(operation => _ledger.By(sponsored, operation.Body)),
        _ledger.By(sponsored, EndSponsoringFutureReservesOperation.Instance),
    ];

    private void Under(string sponsor, string sponsored, params Operation[] operations) =>
        _ledger.Succeed(sponsor, Enclosed(sponsored, operations));

    private void Counts(string name, uint sponsored, uint sponsoring)
    {
        _ledger.Account(name).Sponsored.ShouldBe(sponsored);
        _ledger.Account(name).Sponsoring.ShouldBe(sponsoring);
    }
}
