using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class ClaimableBalanceTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("alice", "bob");

    [Fact]
    public void Relative_times_become_absolute_when_the_balance_is_created()
    {
        Create(new ClaimBeforeRelativeTime(60));

        _ledger.State.ClaimableBalances.ShouldHaveSingleItem().Claimants[0].Predicate
            .ShouldBe(new ClaimBeforeAbsoluteTime((long)_ledger.State.Header.CloseTime + 60));
    }

    [Fact]
    public void A_bound_in_time_is_met_in_ledgers_that_close_before_it_and_not_at_it()
    {
        var bound = new ClaimBeforeAbsoluteTime((long)_ledger.State.Header.CloseTime + 25);
        var first = Create(bound);
        var second = Create(bound);
        var third = Create(new ClaimNot(bound));

        _ledger.Succeed("bob", new ClaimClaimableBalanceOperation(first));
        _ledger.State.Header.CloseTime.ShouldBe((ulong)bound.UnixSeconds - TestLedger.Interval);
        _ledger.Fail("bob", new ClaimClaimableBalanceOperation(second))
            .ShouldBe(new ClaimClaimableBalanceResult(ClaimClaimableBalanceResultCode.CannotClaim));
        _ledger.State.Header.CloseTime.ShouldBe((ulong)bound.UnixSeconds);
        _ledger.Succeed("bob", new ClaimClaimableBalanceOperation(third));
    }

    [Fact]
    public void A_claim_pays_out_and_gives_the_reserve_back_to_whoever_held_it()
    {
        var id = Create(ClaimUnconditional.Instance);
        var balance = _ledger.Account("bob").Balance;
        _ledger.Account("alice").Sponsoring.ShouldBe(1u);

        _ledger.Succeed("bob", new ClaimClaimableBalanceOperation(id));

        _ledger.Account("bob").Balance.ShouldBe(balance + 1000 - 100);
        _ledger.Account("alice").Sponsoring.ShouldBe(0u);
        _ledger.Fail("bob", new ClaimClaimableBalanceOperation(id))
            .ShouldBe(new ClaimClaimableBalanceResult(ClaimClaimableBalanceResultCode.DoesNotExist));
    }

    [Fact]
    public void The_id_is_that_of_source_sequence_number_and_place()
    {
        var id = Create(ClaimUnconditional.Instance);

        HashIdPreimage preimage = new OperationIdPreimage(_ledger.Id("alice"), _ledger.Account("alice").Sequence, 0);
        id.Hash.ShouldBe(new Hash(System.Security.Cryptography.SHA256.HashData(preimage.ToXdr())));
    }

    [Fact]
    public void Predicates_nest_four_deep_at_most()
    {
        ClaimPredicate Nested(int depth) =>
            depth == 1 ? ClaimUnconditional.Instance : new ClaimNot(new ClaimNot(Nested(depth - 1)));
        var five = new ClaimNot(new ClaimNot(new ClaimNot(new ClaimNot(ClaimUnconditional.Instance))));

        _ledger.Refused(_ledger.Signed(_ledger.Transaction("alice", Operation(five)), "alice")).Operations
            .ShouldBe([new CreateClaimableBalanceResult(CreateClaimableBalanceResultCode.Malformed)]);
        Create(new ClaimNot(Nested(2)));
    }

    [Fact]
    public void The_issuer_takes_back_a_balance_made_of_clawback_enabled_credits()
    {
        _ledger.Create("issuer");
        var usd = _ledger.Asset("USD", "issuer");
        _ledger.Succeed(
            "issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable | AccountFlags.AuthClawbackEnabled));
        _ledger.Trust(usd, "alice").Issue(usd, "issuer", "alice", 100);
        var id = Create(ClaimUnconditional.Instance, usd, 60);

        _ledger.Fail("alice", new ClawbackClaimableBalanceOperation(id))
            .ShouldBe(new ClawbackClaimableBalanceResult(ClawbackClaimableBalanceResultCode.NotIssuer));
        _ledger.Succeed("issuer", new ClawbackClaimableBalanceOperation(id));

        _ledger.State.ClaimableBalances.ShouldBeEmpty();
        _ledger.Account("alice").Sponsoring.ShouldBe(0u);
    }

    private CreateClaimableBalanceOperation Operation(
        ClaimPredicate predicate, Asset asset = default, long amount = 1000) =>
        new(asset, amount, [new Claimant(_ledger.Id("bob"), predicate)]);

    private ClaimableBalanceId Create(ClaimPredicate predicate, Asset asset = default, long amount = 1000)
    {
        var applied = _ledger.Succeed("alice", Operation(predicate, asset, amount));
        return applied.OperationResults[0].Inner.ShouldBeOfType<CreateClaimableBalanceResult>()
            .BalanceId.ShouldNotBeNull();
    }
}
