using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>
/// Which fault wins where a transaction has several: stellar-core's TransactionFrame::commonValidPreSeqNum and
/// commonValid, and FeeBumpTransactionFrame::commonValid, of protocol 19.
/// </summary>
public sealed class TransactionOrderTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("alice");

    [Fact]
    public void Each_fault_hides_those_that_are_looked_for_after_it()
    {
        var notary = SignerKey.Ed25519(_ledger.Id("notary"));
        var tooEarly = new TimeBounds(ulong.MaxValue, 1);
        var tooLate = new TimeBounds(0, 1);
        var worst = _ledger.Transaction("alice") with
        {
            Source = _ledger.Id("nobody"),
            Sequence = 5,
            Fee = 0,
            Preconditions = Preconditions.V2(
                tooEarly, minSequenceLedgerGap: uint.MaxValue, extraSigners: [notary, notary]),
        };
        var oneNotary = worst with { Preconditions = Without(tooEarly, notary) };
        var some = oneNotary with { Operations = [new BumpSequenceOperation(0)] };
        var late = some with { Preconditions = Without(tooLate, notary) };
        var inTime = some with { Preconditions = Without(null, notary) };
        var paid = inTime with { Fee = 100 };
        var known = paid with { Source = _ledger.Id("alice") };
        var inOrder = known with { Sequence = _ledger.Account("alice").Sequence + 1 };
        var old = inOrder with { Preconditions = Preconditions.V2(extraSigners: [notary]) };

        Code(worst).ShouldBe(TransactionResultCode.Malformed);
        Code(oneNotary).ShouldBe(TransactionResultCode.MissingOperation);
        Code(some).ShouldBe(TransactionResultCode.TooEarly);
        Code(late).ShouldBe(TransactionResultCode.TooLate);
        Code(inTime).ShouldBe(TransactionResultCode.InsufficientFee);
        Code(paid).ShouldBe(TransactionResultCode.NoAccount);
        Code(known).ShouldBe(TransactionResultCode.BadSeq);
        Code(inOrder).ShouldBe(TransactionResultCode.BadMinSeqAgeOrGap);
        Code(old).ShouldBe(TransactionResultCode.BadAuth);
        Code(old, "alice").ShouldBe(TransactionResultCode.BadAuth);
        _ledger.Apply(_ledger.Signed(old, "alice", "notary")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Signatures_are_checked_before_the_balance_and_the_balance_before_the_operations()
    {
        var tooMuch = _ledger.Transaction("alice", new BumpSequenceOperation(-1)) with { Fee = uint.MaxValue };
        _ledger.Succeed("alice", new PaymentOperation(_ledger.Id("root"), Asset.Native, 950 * TestLedger.Lumen));
        tooMuch = tooMuch with { Sequence = _ledger.Account("alice").Sequence + 1 };

        Code(tooMuch).ShouldBe(TransactionResultCode.BadAuth);
        Code(tooMuch, "alice").ShouldBe(TransactionResultCode.InsufficientBalance);
        _ledger.Refused(_ledger.Signed(tooMuch with { Fee = 100 }, "alice", "root")).Operations
            .ShouldBe([new BumpSequenceResult(BumpSequenceResultCode.BadSeq)]);
    }

    [Fact]
    public void A_sequence_number_may_jump_from_its_minimum_on_and_never_back()
    {
        var sequence = _ledger.Account("alice").Sequence;
        Transaction Jump(long least, long to) => _ledger.Transaction("alice", new BumpSequenceOperation(0)) with
        {
            Sequence = to,
            Preconditions = Preconditions.V2(minSequence: least),
        };

        Code(Jump(sequence + 1, sequence + 2), "alice").ShouldBe(TransactionResultCode.BadSeq);
        Code(Jump(sequence, sequence), "alice").ShouldBe(TransactionResultCode.BadSeq);
        Code(Jump(sequence, (long)(_ledger.State.Header.Sequence + 1) << 32), "alice")
            .ShouldBe(TransactionResultCode.BadSeq);
        _ledger.Apply(_ledger.Signed(Jump(0, sequence + 40), "alice")).IsSuccess.ShouldBeTrue();
        _ledger.Account("alice").Sequence.ShouldBe(sequence + 40);
    }

    [Fact]
    public void A_bump_to_a_lower_number_keeps_the_number_but_its_age_starts_anew()
    {
        // BumpSequenceOpFrame::doApply commits what maybeUpdateAccountOnLedgerSeqUpdate wrote even then.
        _ledger.Create("bob");
        _ledger.Succeed("bob", _ledger.By("alice", new BumpSequenceOperation(0)));
        var young = _ledger.Transaction("alice", new BumpSequenceOperation(0)) with
        {
            Preconditions = Preconditions.V2(minSequenceLedgerGap: 2),
        };

        Code(young, "alice").ShouldBe(TransactionResultCode.BadMinSeqAgeOrGap);
        _ledger.Succeed("bob", new BumpSequenceOperation(0));
        _ledger.Apply(_ledger.Signed(young, "alice")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void A_fee_bumps_own_faults_hide_those_of_its_inner_transaction()
    {
        _ledger.Create("payer");
        var inner = _ledger.Signed(
            _ledger.Transaction("alice", new BumpSequenceOperation(0)) with { Sequence = 5, Fee = 1000 }, "alice");

        _ledger.Refused(_ledger.Bumped(inner, "payer", 199))
            .ShouldBe(new TransactionResult(200, TransactionResultCode.InsufficientFee));
        _ledger.Refused(_ledger.Bumped(inner, "payer", 1999))
            .ShouldBe(new TransactionResult(2000, TransactionResultCode.InsufficientFee));
        _ledger.Refused(_ledger.Bumped(inner, "nobody", 2000))
            .ShouldBe(new TransactionResult(200, TransactionResultCode.NoAccount));
        _ledger.Refused(_ledger.Bumped(inner, "payer", long.MaxValue))
            .ShouldBe(new TransactionResult(200, TransactionResultCode.InsufficientBalance));
        var bumped = _ledger.Refused(_ledger.Bumped(inner, "payer", 2000));
        bumped.Code.ShouldBe(TransactionResultCode.FeeBumpInnerFailed);
        bumped.Inner.ShouldBe(new InnerTransactionResultPair(
            inner.ContentsHash, new InnerTransactionResult(0, TransactionResultCode.BadSeq)));
    }

    private static Preconditions Without(TimeBounds? bounds, SignerKey notary) =>
        Preconditions.V2(bounds, minSequenceLedgerGap: uint.MaxValue, extraSigners: [notary]);

    private TransactionResultCode Code(Transaction transaction, params string[] signers) =>
        _ledger.Refused(_ledger.Signed(transaction, signers)).Code;
}
