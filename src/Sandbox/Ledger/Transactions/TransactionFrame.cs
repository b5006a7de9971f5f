using System.Security.Cryptography;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// A submitted transaction with what is computed of it once: its hashes, its fee rate and what is known of its
/// signatures. A fee bump is a frame around the frame of its inner transaction.
/// </summary>
internal sealed class TransactionFrame
{
    public TransactionFrame(Hash networkId, TransactionEnvelope envelope)
    {
        // As stellar-core does since protocol 13; the hash of the transaction is the same in both forms.
        Envelope = envelope is TransactionV0Envelope old
            ? new TransactionV1Envelope(old.Transaction.ToTransaction(), old.Signatures)
            : envelope;
        NetworkId = networkId;
        ContentsHash = Sha256Of(TransactionSignaturePayload.Of(networkId, Envelope));
        FullHash = Sha256Of(Envelope);
        Verifier = new SignatureVerifier(ContentsHash, Envelope.Signatures);
        if (Envelope is FeeBumpTransactionEnvelope bump)
        {
            Inner = new TransactionFrame(networkId, bump.Transaction.Inner);
            Transaction = Inner.Transaction;
            FeeSource = bump.Transaction.FeeSource.AccountId;
            FeeBid = bump.Transaction.Fee;
            OperationCount = Inner.OperationCount + 1;
        }
        else
        {
            Transaction = ((TransactionV1Envelope)Envelope).Transaction;
            FeeSource = Transaction.Source.AccountId;
            FeeBid = Transaction.Fee;
            OperationCount = Transaction.Operations.Count;
        }
    }

    public Hash NetworkId { get; }

    public TransactionEnvelope Envelope { get; }

    /// <summary>The transaction hash: what is signed and what the transaction is known by.</summary>
    public Hash ContentsHash { get; }

    /// <summary>The hash of the envelope with its signatures.</summary>
    public Hash FullHash { get; }

    /// <summary>The transaction that does something: for a fee bump the inner one.</summary>
    public Transaction Transaction { get; }

    public TransactionFrame? Inner { get; }

    public bool IsFeeBump => Inner is not null;

    public AccountId Source => Transaction.Source.AccountId;

    public AccountId FeeSource { get; }

    public long Sequence => Transaction.Sequence;

    public long? MinSequence => Transaction.Preconditions.MinSequence;

    /// <summary>What it is ready to pay, in stroops.</summary>
    public long FeeBid { get; }

    /// <summary>How many operations it counts as; a fee bump is one more.</summary>
    public int OperationCount { get; }

    public FeeRate FeeRate => new(FeeBid, Math.Max(1, OperationCount));

    public SignatureVerifier Verifier { get; }

    /// <summary>What a signer that authorised this transaction in advance looks like.</summary>
    public SignerKey PreAuthorization => SignerKey.PreAuthTx(ContentsHash);

    public AccountId SourceOf(Operation operation) => operation.Source?.AccountId ?? Source;

    /// <summary>The least fee at a base fee, in stroops.</summary>
    public long MinimumFee(long baseFee) => baseFee * Math.Max(1, OperationCount);

    /// <summary>The fee that a ledger with this base fee charges.</summary>
    public long ChargedFee(long baseFee) => Math.Min(FeeBid, MinimumFee(baseFee));

    /// <summary>
    /// Verifies the signatures of the accounts' own keys, which need nothing of the ledger, so that the checks under
    /// the network's lock find the answers.
    /// </summary>
    public TransactionFrame WithOwnKeysVerified()
    {
        Verifier.VerifyAll(FeeSource);
        (Inner ?? this).Verifier.VerifyAll(Source);
        foreach (var operation in Transaction.Operations.AsSpan())
        {
            if (operation.Source is { } source)
            {
                (Inner ?? this).Verifier.VerifyAll(source.AccountId);
            }
        }

        return this;
    }

    private static Hash Sha256Of<T>(T value)
        where T : IXdr<T>
    {
        using var writer = new XdrWriter();
        value.Write(writer);
        return new Hash(SHA256.HashData(writer.Written));
    }
}
