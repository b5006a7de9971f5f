using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>Which fault wins, as in stellar-core's SetOptionsOpFrame::doCheckValid and doApply.</summary>
public sealed class OptionOrderTests
{
    private const uint Revocable = (uint)AccountFlags.AuthRevocable;

    private readonly TestLedger _ledger = new TestLedger().Create("alice", "bob");

    [Fact]
    public void Flags_come_before_thresholds_before_the_signer_before_the_home_domain()
    {
        var worst = AccountTests.Options() with
        {
            SetFlags = 16 | Revocable,
            ClearFlags = Revocable,
            LowThreshold = 256,
            Signer = new Signer(SignerKey.Ed25519(_ledger.Id("alice")), 1),
            HomeDomain = "\u0007",
        };
        var known = worst with { SetFlags = Revocable };
        var clear = known with { ClearFlags = null };
        var inRange = clear with { LowThreshold = 255 };

        Refused(worst, SetOptionsResultCode.UnknownFlag);
        Refused(known, SetOptionsResultCode.BadFlags);
        Refused(clear, SetOptionsResultCode.ThresholdOutOfRange);
        Refused(inRange, SetOptionsResultCode.BadSigner);
        Refused(inRange with { Signer = null }, SetOptionsResultCode.InvalidHomeDomain);
    }

    [Fact]
    public void A_signer_is_bad_if_it_is_oneself_or_too_heavy_or_signs_an_empty_payload()
    {
        var bob = _ledger.Id("bob");

        Refused(Signer(SignerKey.Ed25519(_ledger.Id("alice")), 0), SetOptionsResultCode.BadSigner);
        Refused(Signer(SignerKey.Ed25519(bob), 256), SetOptionsResultCode.BadSigner);
        Refused(Signer(SignerKey.SignedPayload(bob, []), 1), SetOptionsResultCode.BadSigner);
        _ledger.Succeed("alice", Signer(SignerKey.SignedPayload(bob, [1]), 255));
    }

    [Fact]
    public void The_inflation_destination_comes_before_immutable_flags_before_clawback_without_revocation()
    {
        _ledger.Succeed("alice", AccountTests.SetFlags(AccountFlags.AuthImmutable));
        var worst = AccountTests.SetFlags(AccountFlags.AuthClawbackEnabled) with
        {
            InflationDestination = _ledger.Id("nobody"),
        };

        Fails("alice", worst, SetOptionsResultCode.InvalidInflation);
        Fails("alice", worst with { InflationDestination = _ledger.Id("alice") }, SetOptionsResultCode.CantChange);
        Fails("bob", worst with { InflationDestination = null }, SetOptionsResultCode.AuthRevocableRequired);
        _ledger.Succeed("alice", AccountTests.Options() with { SetFlags = 0 });
        _ledger.Fail("alice", new AccountMergeOperation(_ledger.Id("bob")))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.ImmutableSet));
    }

    [Fact]
    public void Clawback_keeps_the_right_to_revoke_from_being_cleared()
    {
        _ledger.Succeed(
            "alice", AccountTests.SetFlags(AccountFlags.AuthRevocable | AccountFlags.AuthClawbackEnabled));

        Fails(
            "alice",
            AccountTests.Options() with { ClearFlags = Revocable },
            SetOptionsResultCode.AuthRevocableRequired);
        _ledger.Succeed(
            "alice",
            AccountTests.Options() with { ClearFlags = Revocable | (uint)AccountFlags.AuthClawbackEnabled });
    }

    [Fact]
    public void The_twenty_first_signer_is_too_many_even_for_who_could_not_pay_for_it()
    {
        for (var i = 0; i < Account.MaximumSigners; i++)
        {
            _ledger.Succeed("alice", Signer(SignerKey.Ed25519(_ledger.Id($"signer {i}")), 1));
        }

        _ledger.Drain("alice", entries: 22);

        Fails("alice", Signer(SignerKey.Ed25519(_ledger.Id("one more")), 1), SetOptionsResultCode.TooManySigners);
        _ledger.Succeed("alice", Signer(SignerKey.Ed25519(_ledger.Id("signer 7")), 2));
        _ledger.Succeed("alice", Signer(SignerKey.Ed25519(_ledger.Id("unknown")), 0));
        _ledger.Account("alice").Signers.Count.ShouldBe(Account.MaximumSigners);
    }

    [Fact]
    public void Signers_data_and_trustlines_need_a_base_reserve_that_is_not_bound()
    {
        _ledger.Drain("alice", entries: 2);

        Fails("alice", Signer(SignerKey.Ed25519(_ledger.Id("bob")), 1), SetOptionsResultCode.LowReserve);
        _ledger.Fail("alice", new ManageDataOperation("name", [1]))
            .ShouldBe(new ManageDataResult(ManageDataResultCode.LowReserve));
        _ledger.Fail("alice", new ChangeTrustOperation(_ledger.Asset("USD", "bob"), 1))
            .ShouldBe(new ChangeTrustResult(ChangeTrustResultCode.LowReserve));
        _ledger.Fail("alice", new CreateClaimableBalanceOperation(
            Asset.Native, 1, [new Claimant(_ledger.Id("bob"), ClaimUnconditional.Instance)]))
            .ShouldBe(new CreateClaimableBalanceResult(CreateClaimableBalanceResultCode.LowReserve));
    }

    private static SetOptionsOperation Signer(SignerKey key, uint weight) =>
        AccountTests.Options() with { Signer = new Signer(key, weight) };

    private void Refused(SetOptionsOperation operation, SetOptionsResultCode code) =>
        _ledger.Refused(_ledger.Signed(_ledger.Transaction("alice", operation), "alice")).Operations
            .ShouldBe([new SetOptionsResult(code)]);

    private void Fails(string source, SetOptionsOperation operation, SetOptionsResultCode code) =>
        _ledger.Fail(source, operation).ShouldBe(new SetOptionsResult(code));
}
