namespace StellarPay.Stellar.Xdr;

/// <summary>Another account pays a transaction's fee (CAP-15). XDR's <c>FeeBumpTransaction</c>.</summary>
/// <param name="FeeSource">Who pays.</param>
/// <param name="Fee">The most that both cost together, in stroops.</param>
/// <param name="Inner">The transaction with its signatures.</param>
public sealed record FeeBumpTransaction(MuxedAccount FeeSource, long Fee, TransactionV1Envelope Inner)
    : IXdr<FeeBumpTransaction>
{
    /// <inheritdoc/>
    public static FeeBumpTransaction Read(ref XdrReader reader)
    {
        var source = MuxedAccount.Read(ref reader);
        var fee = reader.ReadInt64();
        var type = reader.ReadEnum<EnvelopeType>();
        if (type != EnvelopeType.Tx)
            throw XdrException.Discriminant("envelope type that a fee bump may hold", (int)type);
        var inner = TransactionV1Envelope.ReadBody(ref reader);
        reader.ReadVoidExtension();
        return new FeeBumpTransaction(source, fee, inner);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        FeeSource.Write(writer);
        writer.WriteInt64(Fee);
        Inner.Write(writer);
        writer.WriteInt32(0);
    }
}
