using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class AccountTests
{
    [Fact]
    public void A_new_accounts_sequence_number_begins_at_its_ledger_shifted_by_32_bits()
    {
        var ledger = new TestLedger().Create("alice");

        ledger.Account("alice").Sequence.ShouldBe((long)ledger.State.Header.Sequence << 32);
    }

    [Fact]
    public void An_account_needs_two_base_reserves_to_begin_with()
    {
        var ledger = new TestLedger();

        ledger.Fail("root", new CreateAccountOperation(ledger.Id("alice"), 9_999_999))
            .ShouldBe(new CreateAccountResult(CreateAccountResultCode.LowReserve));
        ledger.Succeed("root", new CreateAccountOperation(ledger.Id("alice"), 10_000_000));
    }

    [Fact]
    public void A_transaction_that_fails_costs_its_fee_and_its_sequence_number_and_nothing_else()
    {
        var ledger = new TestLedger().Create("alice", "bob");
        var (alice, bob) = (ledger.Account("alice"), ledger.Account("bob"));

        var applied = ledger.Apply(
            "alice",
            new PaymentOperation(ledger.Id("bob"), Asset.Native, 5),
            new PaymentOperation(ledger.Id("nobody"), Asset.Native, 5));

        applied.Result.Code.ShouldBe(TransactionResultCode.Failed);
        applied.OperationChanges.ShouldBeEmpty();
        ledger.Account("alice").Balance.ShouldBe(alice.Balance - 200);
        ledger.Account("alice").Sequence.ShouldBe(alice.Sequence + 1);
        ledger.Account("bob").ShouldBe(bob);
    }

    [Fact]
    public void Operations_after_a_failed_one_are_still_tried_for_their_results()
    {
        var ledger = new TestLedger().Create("alice");

        ledger.Apply(
            "alice",
            new PaymentOperation(ledger.Id("nobody"), Asset.Native, 5),
            new ManageDataOperation("gone", null)).OperationResults
            .ShouldBe([
                new PaymentResult(PaymentResultCode.NoDestination),
                new ManageDataResult(ManageDataResultCode.NameNotFound),
            ]);
    }

    [Fact]
    public void An_account_whose_sequence_number_ran_ahead_of_the_ledger_cannot_merge()
    {
        var ledger = new TestLedger().Create("alice");
        var next = (long)(ledger.State.Header.Sequence + 2) << 32;
        ledger.Succeed("alice", new BumpSequenceOperation(next));

        ledger.Fail("root", ledger.By("alice", new AccountMergeOperation(ledger.Id("root"))))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.SeqnumTooFar));
    }

    [Fact]
    public void An_immutable_account_cannot_merge_nor_change_its_flags()
    {
        var ledger = new TestLedger().Create("alice");
        ledger.Succeed("alice", SetFlags(AccountFlags.AuthImmutable));

        ledger.Fail("alice", new AccountMergeOperation(ledger.Id("root")))
            .ShouldBe(new AccountMergeResult(AccountMergeResultCode.ImmutableSet));
        ledger.Fail("alice", SetFlags(AccountFlags.AuthRevocable))
            .ShouldBe(new SetOptionsResult(SetOptionsResultCode.CantChange));
    }

    [Fact]
    public void A_merge_moves_what_the_fee_left_and_frees_the_signers_reserves()
    {
        var ledger = new TestLedger().Create("alice", "bob");
        ledger.Succeed("alice", AddSigner(ledger, "carol", 1));
        var expected = ledger.Account("alice").Balance - 100;

        var applied = ledger.Succeed("alice", new AccountMergeOperation(ledger.Id("bob")));

        applied.OperationResults.ShouldBe([new AccountMergeResult(AccountMergeResultCode.Success, expected)]);
        ledger.State.Account(ledger.Id("alice")).ShouldBeNull();
    }

    [Fact]
    public void An_operation_of_an_account_merged_before_it_has_no_source()
    {
        var ledger = new TestLedger().Create("alice", "bob");

        ledger.Fail(
            "bob",
            ledger.By("alice", new AccountMergeOperation(ledger.Id("bob"))),
            ledger.By("alice", new ManageDataOperation("name", [1])))
            .ShouldBe(new OperationResult(OperationResultCode.NoAccount));
    }

    [Fact]
    public void An_account_has_at_most_a_thousand_subentries()
    {
        var ledger = new TestLedger().Create("alice");
        for (var batch = 0; batch < 10; batch++)
        {
            var names = Enumerable.Range(batch * 100, 100);
            ledger.Succeed("alice", [.. names.Select(i => (Operation)new ManageDataOperation($"{i}", [1]))]);
        }

        ledger.Fail("alice", new ManageDataOperation("one more", [1]))
            .ShouldBe(new OperationResult(OperationResultCode.TooManySubentries));
        ledger.Account("alice").SubEntries.ShouldBe(1000u);
    }

    [Fact]
    public void A_balance_that_the_reserve_holds_cannot_be_spent_nor_pay_a_fee()
    {
        var ledger = new TestLedger();
        ledger.Succeed("root", new CreateAccountOperation(ledger.Id("alice"), 10_000_000));

        var payment = ledger.Transaction("alice", new PaymentOperation(ledger.Id("root"), Asset.Native, 1));

        ledger.Refused(ledger.Signed(payment, "alice")).Code.ShouldBe(TransactionResultCode.InsufficientBalance);
    }

    [Theory]
    [InlineData("a\u0001")]
    [InlineData("\u007f")]
    [InlineData("é")]
    public void Names_of_data_and_home_domains_are_printable_ascii(string text)
    {
        var ledger = new TestLedger().Create("alice");
        var data = ledger.Transaction("alice", new ManageDataOperation(text, [1]));
        var domain = ledger.Transaction("alice", Options() with { HomeDomain = text });

        ledger.Refused(ledger.Signed(data, "alice")).Operations
            .ShouldBe([new ManageDataResult(ManageDataResultCode.InvalidName)]);
        ledger.Refused(ledger.Signed(domain, "alice")).Operations
            .ShouldBe([new SetOptionsResult(SetOptionsResultCode.InvalidHomeDomain)]);
    }

    [Fact]
    public void What_this_network_does_not_know_is_not_supported()
    {
        var ledger = new TestLedger().Create("alice");
        OperationBody[] unknown =
        [
            InflationOperation.Instance,
            new LiquidityPoolWithdrawOperation(default, 1, 1, 1),
        ];

        foreach (var operation in unknown)
        {
            ledger.Refused(ledger.Signed(ledger.Transaction("alice", operation), "alice")).Operations
                .ShouldBe([new OperationResult(OperationResultCode.NotSupported)]);
        }
    }

    internal static SetOptionsOperation Options() => new(null, null, null, null, null, null, null, null, null);

    internal static SetOptionsOperation SetFlags(AccountFlags flags) => Options() with { SetFlags = (uint)flags };

    private static SetOptionsOperation AddSigner(TestLedger ledger, string name, uint weight) =>
        Options() with { Signer = new Signer(SignerKey.Ed25519(ledger.Id(name)), weight) };
}
