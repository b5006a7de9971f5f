namespace StellarPay.Stellar.Xdr;

/// <summary>What is hashed (SHA-256 of its XDR) to get a transaction's hash, which is what is signed. XDR's
/// <c>TransactionSignaturePayload</c>; exactly one of the two transactions is there.</summary>
public sealed record TransactionSignaturePayload : IXdr<TransactionSignaturePayload>
{
    /// <summary>Of a transaction.</summary>
    /// <param name="networkId">The SHA-256 of the network's passphrase.</param>
    /// <param name="transaction">The transaction.</param>
    public TransactionSignaturePayload(Hash networkId, Transaction transaction)
    {
        NetworkId = networkId;
        Transaction = transaction;
    }

    /// <summary>Of a fee bump.</summary>
    /// <param name="networkId">The SHA-256 of the network's passphrase.</param>
    /// <param name="feeBump">The fee bump.</param>
    public TransactionSignaturePayload(Hash networkId, FeeBumpTransaction feeBump)
    {
        NetworkId = networkId;
        FeeBump = feeBump;
    }

    /// <summary>The SHA-256 of the network's passphrase.</summary>
    public Hash NetworkId { get; }

    /// <summary>The transaction, or null.</summary>
    public Transaction? Transaction { get; }

    /// <summary>The fee bump, or null.</summary>
    public FeeBumpTransaction? FeeBump { get; }

    /// <summary>What the signatures of an envelope sign.</summary>
    /// <param name="networkId">The SHA-256 of the network's passphrase.</param>
    /// <param name="envelope">The envelope.</param>
    /// <returns>The payload.</returns>
    public static TransactionSignaturePayload Of(Hash networkId, TransactionEnvelope envelope) => envelope switch
    {
        TransactionV0Envelope v0 => new(networkId, v0.Transaction.ToTransaction()),
        TransactionV1Envelope v1 => new(networkId, v1.Transaction),
        FeeBumpTransactionEnvelope bump => new(networkId, bump.Transaction),
        _ => throw new ArgumentException("The envelope is null.", nameof(envelope)),
    };

    /// <inheritdoc/>
    public static TransactionSignaturePayload Read(ref XdrReader reader)
    {
        var networkId = Hash.Read(ref reader);
        var type = reader.ReadEnum<EnvelopeType>();
        return type switch
        {
            EnvelopeType.Tx => new TransactionSignaturePayload(networkId, Transaction.Read(ref reader)),
            EnvelopeType.TxFeeBump => new TransactionSignaturePayload(networkId, FeeBumpTransaction.Read(ref reader)),
            _ => throw XdrException.Discriminant("signature payload type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        NetworkId.Write(writer);
        writer.WriteEnum(FeeBump is null ? EnvelopeType.Tx : EnvelopeType.TxFeeBump);
        Transaction?.Write(writer);
        FeeBump?.Write(writer);
    }
}
