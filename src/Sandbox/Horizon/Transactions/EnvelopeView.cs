using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Transactions;

/// <summary>The parts of an envelope that answers show, whichever of the three kinds it is.</summary>
internal sealed record EnvelopeView(
    Transaction Transaction,
    ValueList<DecoratedSignature> Signatures,
    FeeBumpTransaction? FeeBump,
    ValueList<DecoratedSignature> FeeBumpSignatures)
{
    public static EnvelopeView Of(Bytes envelope) => Of(TransactionEnvelope.FromXdr(envelope.AsSpan()));

    public static EnvelopeView Of(TransactionEnvelope envelope) => envelope switch
    {
        TransactionV0Envelope v0 => new(v0.Transaction.ToTransaction(), v0.Signatures, null, default),
        TransactionV1Envelope v1 => new(v1.Transaction, v1.Signatures, null, default),
        FeeBumpTransactionEnvelope bump => new(
            bump.Transaction.Inner.Transaction, bump.Transaction.Inner.Signatures, bump.Transaction, bump.Signatures),
        _ => throw new InvalidOperationException($"Envelopes of type {envelope.Type} hold no transaction."),
    };

    public MuxedAccount SourceOf(int operationIndex) =>
        Transaction.Operations[operationIndex].Source ?? Transaction.Source;
}
