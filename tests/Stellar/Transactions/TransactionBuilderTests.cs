using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Transactions;

public class TransactionBuilderTests
{
    private static readonly AccountId Someone = new(new byte[32]);
    private static readonly OperationBody Bump = new BumpSequenceOperation(1);

    [Fact]
    public void A_transaction_needs_an_operation() =>
        Should.Throw<InvalidOperationException>(() => Builder().Build()).Message.ShouldBe("A transaction needs an operation.");

    [Fact]
    public void A_transaction_has_at_most_100_operations()
    {
        var builder = Builder();
        for (var i = 0; i < 100; i++)
        {
            builder.Add(Bump);
        }
        builder.Build().Operations.Count.ShouldBe(100);
        Should.Throw<InvalidOperationException>(() => builder.Add(Bump).Build());
    }

    // Without an end, a lost transaction can come back after its payment was given up.
    [Fact]
    public void How_long_it_is_valid_has_to_be_said()
    {
        var builder = new TransactionBuilder(Someone, 1).Add(Bump);
        Should.Throw<InvalidOperationException>(() => builder.Build());
        builder.WithoutTimeBounds().Build().Preconditions.ShouldBe(Preconditions.None);
        builder.WithTimeBounds(null, DateTimeOffset.FromUnixTimeSeconds(9)).Build()
            .Preconditions.ShouldBe(Preconditions.Time(new TimeBounds(0, 9)));
    }

    [Fact]
    public void The_fee_is_for_each_operation_unless_the_whole_is_given()
    {
        var builder = Builder().Add(Bump).Add(Bump);
        builder.Build().Fee.ShouldBe(200u);
        builder.WithBaseFee(1000).Build().Fee.ShouldBe(2000u);
        builder.WithFee(7).Build().Fee.ShouldBe(7u);
        builder.WithBaseFee(uint.MaxValue);
        Should.Throw<InvalidOperationException>(() => builder.Build());
    }

    [Fact]
    public void Bounds_that_end_before_they_begin_are_refused()
    {
        Should.Throw<ArgumentException>(() => Builder().WithTimeBounds(new TimeBounds(10, 9)));
        Should.Throw<ArgumentException>(() => Builder().WithLedgerBounds(10, 9));
        Should.Throw<ArgumentException>(() => Builder().WithTimeBounds(null, DateTimeOffset.UnixEpoch));
        Builder().WithLedgerBounds(10, 0).Add(Bump).Build().Preconditions.LedgerBounds
            .ShouldBe(new LedgerBounds(10, 0));
    }

    [Fact]
    public void A_third_extra_signer_is_refused()
    {
        var builder = Builder().Add(Bump);
        for (byte i = 0; i < 3; i++)
        {
            builder.WithExtraSigner(SignerKey.HashX(new Hash([.. Enumerable.Repeat(i, 32)])));
        }
        Should.Throw<InvalidOperationException>(() => builder.Build());
    }

    [Fact]
    public void Sequence_numbers_begin_at_one() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TransactionBuilder(Someone, 0));

    [Fact]
    public void A_fee_bump_offers_at_least_what_its_inner_transaction_does()
    {
        var inner = Builder().WithBaseFee(300).Add(Bump).Add(Bump).Build().Sign(StellarNetwork.Testnet);
        FeeBump.Wrap(inner, Someone, 300).Fee.ShouldBe(900);
        Should.Throw<ArgumentException>(() => FeeBump.Wrap(inner, Someone, 299));
        Should.Throw<ArgumentException>(() => FeeBump.Wrap(inner, Someone, long.MaxValue));
        var free = Builder().WithFee(0).Add(Bump).Build().Sign(StellarNetwork.Testnet);
        FeeBump.Wrap(free, Someone, 100).Fee.ShouldBe(200);
        Should.Throw<ArgumentException>(() => FeeBump.Wrap(free, Someone, 99));
        var bump = FeeBump.Wrap(free, Someone, 100).Sign(StellarNetwork.Testnet);
        Should.Throw<ArgumentException>(() => FeeBump.Wrap(bump, Someone, 100));
    }

    [Fact]
    public void A_v0_envelope_has_the_hash_of_its_v1_twin()
    {
        var v1 = Builder().Add(Bump).Build();
        var v0 = new TransactionV0Envelope(
            new TransactionV0(Someone.Key, v1.Fee, v1.Sequence, v1.Preconditions.TimeBounds, v1.Memo, v1.Operations), []);
        v0.HashOn(StellarNetwork.Testnet).ShouldBe(v1.HashOn(StellarNetwork.Testnet));
        FeeBump.Wrap(v0, Someone, 100).Inner.Transaction.ShouldBe(v1);
    }

    [Fact]
    public void A_foreign_signature_is_added_only_if_it_is_valid()
    {
        using var key = SigningKey.Generate();
        var envelope = Builder().Add(Bump).Build().Sign(StellarNetwork.Testnet);
        var signature = key.Sign(envelope.HashOn(StellarNetwork.Testnet).ToArray());
        envelope.AddSignature(StellarNetwork.Testnet, key.AccountId, signature)
            .ShouldBe(envelope.AddSignature(StellarNetwork.Testnet, key));
        Should.Throw<ArgumentException>(() => envelope.AddSignature(StellarNetwork.Public, key.AccountId, signature));
        Should.Throw<ArgumentException>(() => envelope.AddSignature(StellarNetwork.Testnet, Someone, signature));
    }

    [Fact]
    public void A_21st_signature_is_refused()
    {
        using var key = SigningKey.Generate();
        var envelope = Builder().Add(Bump).Build().Sign(StellarNetwork.Testnet);
        for (var i = 0; i < 20; i++)
        {
            envelope = envelope.AddSignature(StellarNetwork.Testnet, key);
        }
        Should.Throw<ArgumentException>(() => envelope.AddSignature(StellarNetwork.Testnet, key));
    }

    // A signature with the right hint by another key must not count.
    [Fact]
    public void A_hint_alone_is_no_signature()
    {
        using var key = SigningKey.Generate();
        using var other = SigningKey.Generate();
        var envelope = Builder().Add(Bump).Build().Sign(StellarNetwork.Testnet);
        var forged = new DecoratedSignature(
            key.AccountId.SignatureHint(), Bytes.Create(other.Sign(envelope.HashOn(StellarNetwork.Testnet).ToArray())));
        envelope.AddSignature(forged).IsSignedBy(StellarNetwork.Testnet, key.AccountId).ShouldBeFalse();
    }

    private static TransactionBuilder Builder() =>
        new TransactionBuilder(Someone, 1).WithTimeBounds(new TimeBounds(0, 100));
}
