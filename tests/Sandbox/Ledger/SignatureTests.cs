using System.Security.Cryptography;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class SignatureTests
{
    private static readonly byte[] Secret = [1, 2, 3, 4, 5];

    [Fact]
    public void A_signature_that_nothing_needs_is_one_too_many()
    {
        var ledger = new TestLedger().Create("alice", "bob");

        ledger.Refused(ledger.Signed(Payment(ledger), "alice", "bob"))
            .ShouldBe(new TransactionResult(100, TransactionResultCode.BadAuthExtra));
    }

    [Fact]
    public void Weights_of_signers_add_up_to_the_threshold()
    {
        var ledger = new TestLedger().Create("alice");
        ledger.Succeed("alice", Signer(SignerKey.Ed25519(ledger.Id("one")), 2));
        ledger.Succeed("alice", Signer(SignerKey.Ed25519(ledger.Id("two")), 3));
        ledger.Succeed("alice", AccountTests.Options() with { MediumThreshold = 5 });

        ledger.Refused(ledger.Signed(Payment(ledger), "alice", "two")).Operations
            .ShouldBe([new OperationResult(OperationResultCode.BadAuth)]);
        ledger.Apply(ledger.Signed(Payment(ledger), "one", "two")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void A_transaction_authorised_in_advance_needs_no_signature_and_its_signer_goes_even_if_it_fails()
    {
        var ledger = new TestLedger().Create("alice");
        var sequence = ledger.Account("alice").Sequence;
        var later = ledger.Transaction("alice", new PaymentOperation(ledger.Id("nobody"), Asset.Native, 1)) with
        {
            Sequence = sequence + 2,
        };
        var frame = ledger.Signed(later);
        ledger.Succeed("alice", Signer(SignerKey.PreAuthTx(frame.ContentsHash), 1));
        ledger.Account("alice").SubEntries.ShouldBe(1u);

        var applied = ledger.Apply(frame);

        applied.Result.Code.ShouldBe(TransactionResultCode.Failed);
        ledger.Account("alice").Signers.ShouldBeEmpty();
        ledger.Account("alice").SubEntries.ShouldBe(0u);
    }

    [Fact]
    public void Whoever_knows_the_preimage_signs_with_it()
    {
        var ledger = new TestLedger().Create("alice");
        var hash = new Hash(SHA256.HashData(Secret));
        ledger.Succeed("alice", Signer(SignerKey.HashX(hash), 1));
        var hint = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.ToArray().AsSpan(28));
        var envelope = new TransactionV1Envelope(
            Payment(ledger), [new DecoratedSignature(hint, Bytes.Create(Secret))]);

        ledger.Apply(new TransactionFrame(TestLedger.Network.Id, envelope)).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData("0102030405060708")]
    [InlineData("0102")]
    public void A_signed_payload_is_signed_instead_of_the_transaction_and_its_hint_mixes_both(string hex)
    {
        var ledger = new TestLedger().Create("alice");
        var payload = Bytes.FromHex(hex);
        var notary = ledger.Id("notary");
        var transaction = Payment(ledger) with
        {
            Preconditions = Preconditions.V2(extraSigners: [SignerKey.SignedPayload(notary, payload)]),
        };
        var hint = notary.Key.ToArray()[28..];
        var mixed = payload.Length > 4 ? payload.AsSpan()[^4..] : payload.AsSpan();
        for (var i = 0; i < mixed.Length; i++)
        {
            hint[i] ^= mixed[i];
        }

        var signature = new DecoratedSignature(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hint),
            Bytes.Create(ledger.Key("notary").Sign(payload.AsSpan())));
        var envelope = ledger.Signed(transaction, "alice").Envelope;

        ledger.Apply(new TransactionFrame(
            TestLedger.Network.Id, envelope with { Signatures = [.. envelope.Signatures, signature] }))
            .IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void An_extra_signer_must_sign_too()
    {
        var ledger = new TestLedger().Create("alice");
        var transaction = Payment(ledger) with
        {
            Preconditions = Preconditions.V2(extraSigners: [SignerKey.Ed25519(ledger.Id("notary"))]),
        };

        ledger.Refused(ledger.Signed(transaction, "alice")).Code.ShouldBe(TransactionResultCode.BadAuth);
        ledger.Apply(ledger.Signed(transaction, "alice", "notary")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void The_same_extra_signer_twice_is_malformed()
    {
        var ledger = new TestLedger().Create("alice");
        var notary = SignerKey.Ed25519(ledger.Id("notary"));
        var transaction = Payment(ledger) with { Preconditions = Preconditions.V2(extraSigners: [notary, notary]) };

        ledger.Refused(ledger.Signed(transaction, "alice", "notary")).Code.ShouldBe(TransactionResultCode.Malformed);
    }

    [Fact]
    public void An_account_that_the_transaction_creates_signs_with_its_own_key()
    {
        var ledger = new TestLedger().Create("alice");
        var operations = new[]
        {
            new CreateAccountOperation(ledger.Id("new"), 20 * TestLedger.Lumen),
            ledger.By("new", new ManageDataOperation("name", [1])),
        };

        ledger.Refused(ledger.Signed(ledger.Transaction("alice", operations), "alice")).Operations[1]
            .ShouldBe(new OperationResult(OperationResultCode.BadAuth));
        ledger.Succeed("alice", operations);
    }

    [Fact]
    public void Results_before_and_after_the_refused_operation_are_empty_successes()
    {
        var ledger = new TestLedger().Create("alice");
        var sell = new ManageSellOfferOperation(Asset.Native, ledger.Asset("USD", "root"), 1, new Price(1, 1), 0);
        var refused = ledger.Refused(ledger.Signed(
            ledger.Transaction(
                "alice",
                sell,
                new PaymentOperation(ledger.Id("root"), Asset.Native, 0),
                Merge(ledger),
                InflationOperation.Instance),
            "alice"));

        refused.Code.ShouldBe(TransactionResultCode.Failed);
        refused.Operations[0].Inner.ShouldBeOfType<ManageSellOfferResult>().Success
            .ShouldBe(new ManageOfferSuccess(
                [],
                ManageOfferEffect.Created,
                new OfferEntry(default, 0, Asset.Native, Asset.Native, 0, new Price(0, 0), 0)));
        refused.Operations[1].ShouldBe(new PaymentResult(PaymentResultCode.Malformed));
        refused.Operations[2].ShouldBe(new AccountMergeResult(AccountMergeResultCode.Success, 0));
        refused.Operations[3].ShouldBe(
            new InflationResult(InflationResultCode.Success, new ValueList<InflationPayout>()));
    }

    private static AccountMergeOperation Merge(TestLedger ledger) => new(ledger.Id("root"));

    private static Transaction Payment(TestLedger ledger) =>
        ledger.Transaction("alice", new PaymentOperation(ledger.Id("root"), Asset.Native, 1));

    private static SetOptionsOperation Signer(SignerKey key, uint weight) =>
        AccountTests.Options() with { Signer = new Signer(key, weight) };
}
