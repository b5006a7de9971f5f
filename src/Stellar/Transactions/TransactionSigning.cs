using System.Buffers.Binary;
using System.Security.Cryptography;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Transactions;

/// <summary>Hashes of transactions and the signatures over them.</summary>
/// <remarks>Source: Stellar-transaction.x, TransactionSignaturePayload and DecoratedSignature; CAP-40.</remarks>
public static class TransactionSigning
{
    /// <summary>
    /// The transaction's hash on a network, which is what signatures cover and what names it for ever.
    /// </summary>
    public static Hash HashOn(this Transaction transaction, StellarNetwork network)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(network);
        return HashOf(new TransactionSignaturePayload(network.Id, transaction));
    }

    /// <summary>The fee-bump's hash on a network.</summary>
    public static Hash HashOn(this FeeBumpTransaction transaction, StellarNetwork network)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(network);
        return HashOf(new TransactionSignaturePayload(network.Id, transaction));
    }

    /// <summary>The hash of the transaction in an envelope of any type; of a fee-bump, the outer one.</summary>
    public static Hash HashOn(this TransactionEnvelope envelope, StellarNetwork network)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(network);
        return HashOf(TransactionSignaturePayload.Of(network.Id, envelope));
    }

    /// <summary>Signs a transaction with each of the keys, in their order.</summary>
    /// <exception cref="ObjectDisposedException">A key was disposed of.</exception>
    public static TransactionV1Envelope Sign(
        this Transaction transaction, StellarNetwork network, params ReadOnlySpan<SigningKey> keys) =>
        new(transaction, SignHash(transaction.HashOn(network), keys));

    /// <summary>Signs a fee-bump with each of the keys, in their order.</summary>
    /// <exception cref="ObjectDisposedException">A key was disposed of.</exception>
    public static FeeBumpTransactionEnvelope Sign(
        this FeeBumpTransaction transaction, StellarNetwork network, params ReadOnlySpan<SigningKey> keys) =>
        new(transaction, SignHash(transaction.HashOn(network), keys));

    /// <summary>Adds a key's signature to those that an envelope has.</summary>
    /// <typeparam name="T">The type of the envelope, which stays.</typeparam>
    /// <exception cref="ArgumentException">The envelope has 20 signatures already.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public static T AddSignature<T>(this T envelope, StellarNetwork network, SigningKey key)
        where T : TransactionEnvelope =>
        envelope.AddSignature(SignHash(envelope.HashOn(network), [key])[0]);

    /// <summary>Adds a signature that was made elsewhere, after verifying it.</summary>
    /// <typeparam name="T">The type of the envelope, which stays.</typeparam>
    /// <param name="envelope">The envelope.</param>
    /// <param name="network">The network that it is for.</param>
    /// <param name="signer">Whose signature it is.</param>
    /// <param name="signature">The 64 bytes of the signature over the transaction's hash.</param>
    /// <exception cref="ArgumentException">The signature is not valid, or the envelope has 20 already.</exception>
    public static T AddSignature<T>(
        this T envelope, StellarNetwork network, AccountId signer, ReadOnlySpan<byte> signature)
        where T : TransactionEnvelope
    {
        Span<byte> hash = stackalloc byte[Hash.Size];
        envelope.HashOn(network).CopyTo(hash);
        return SigningKey.Verify(signer, hash, signature)
            ? envelope.AddSignature(new DecoratedSignature(signer.SignatureHint(), Bytes.Create(signature)))
            : throw new ArgumentException("That is not the signer's signature of this transaction.", nameof(signature));
    }

    /// <summary>Adds a signature as it is, verifying nothing.</summary>
    /// <typeparam name="T">The type of the envelope, which stays.</typeparam>
    /// <exception cref="ArgumentException">The envelope has 20 signatures already.</exception>
    public static T AddSignature<T>(this T envelope, DecoratedSignature signature)
        where T : TransactionEnvelope
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(signature);
        if (envelope.Signatures.Count >= TransactionEnvelope.MaxSignatures)
        {
            throw new ArgumentException($"An envelope has at most {TransactionEnvelope.MaxSignatures} signatures.");
        }
        TransactionEnvelope signed = envelope with { Signatures = [.. envelope.Signatures, signature] };
        return (T)signed;
    }

    /// <summary>Reveals the preimage of a hash(x) signer, which counts as its signature. At most 64 bytes.</summary>
    /// <typeparam name="T">The type of the envelope, which stays.</typeparam>
    /// <exception cref="ArgumentException">
    /// The preimage is longer, or the envelope has 20 signatures already.
    /// </exception>
    public static T AddPreimage<T>(this T envelope, ReadOnlySpan<byte> preimage)
        where T : TransactionEnvelope
    {
        if (preimage.Length > Ed25519.SignatureLength)
        {
            throw new ArgumentException("A preimage is at most 64 bytes.", nameof(preimage));
        }
        Span<byte> hash = stackalloc byte[Hash.Size];
        SHA256.HashData(preimage, hash);
        return envelope.AddSignature(
            new DecoratedSignature(BinaryPrimitives.ReadUInt32BigEndian(hash[^4..]), Bytes.Create(preimage)));
    }

    /// <summary>Whether the envelope carries a valid signature of an account's master key.</summary>
    public static bool IsSignedBy(this TransactionEnvelope envelope, StellarNetwork network, AccountId signer)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var hint = signer.SignatureHint();
        Span<byte> hash = stackalloc byte[Hash.Size];
        envelope.HashOn(network).CopyTo(hash);
        foreach (var signature in envelope.Signatures.AsSpan())
        {
            if (signature.Hint == hint && SigningKey.Verify(signer, hash, signature.Signature.AsSpan()))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The last four bytes of the public key, by which a signature says whose it is.</summary>
    public static uint SignatureHint(this AccountId signer)
    {
        Span<byte> key = stackalloc byte[Ed25519.PublicKeyLength];
        signer.CopyTo(key);
        return BinaryPrimitives.ReadUInt32BigEndian(key[^4..]);
    }

    private static ValueList<DecoratedSignature> SignHash(Hash transactionHash, ReadOnlySpan<SigningKey> keys)
    {
        Span<byte> hash = stackalloc byte[Hash.Size];
        Span<byte> signature = stackalloc byte[Ed25519.SignatureLength];
        transactionHash.CopyTo(hash);
        var signatures = new DecoratedSignature[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i].Sign(hash, signature);
            signatures[i] = new DecoratedSignature(keys[i].AccountId.SignatureHint(), Bytes.Create(signature));
        }
        return ValueList.Create<DecoratedSignature>(signatures);
    }

    private static Hash HashOf(TransactionSignaturePayload payload)
    {
        using var writer = new XdrWriter();
        payload.Write(writer);
        Span<byte> hash = stackalloc byte[Hash.Size];
        SHA256.HashData(writer.Written, hash);
        return new Hash(hash);
    }
}
