using System.Buffers.Binary;
using System.Security.Cryptography;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Tells who signed what of one transaction, and keeps each answer: a transaction is checked on submission, before its
/// ledger and in it, and for each of its operations, but each signature is verified once.
/// </summary>
internal sealed class SignatureVerifier(Hash contentsHash, ValueList<DecoratedSignature> signatures)
{
    private const int HintSize = 4;

    private readonly Dictionary<(int Signature, SignerKey Signer), bool> _known = [];

    public int Count => signatures.Count;

    public bool IsSignedBy(int index, SignerKey signer)
    {
        var signature = signatures[index];
        Span<byte> hint = stackalloc byte[HintSize];
        WriteHint(signer, hint);
        if (signature.Hint != BinaryPrimitives.ReadUInt32BigEndian(hint))
        {
            return false;
        }

        if (!_known.TryGetValue((index, signer), out var valid))
        {
            valid = Verify(signature.Signature.AsSpan(), signer);
            _known.Add((index, signer), valid);
        }

        return valid;
    }

    /// <summary>Finds out which signatures are of an account's own key.</summary>
    public void VerifyAll(AccountId account)
    {
        var key = SignerKey.Ed25519(account);
        for (var i = 0; i < Count; i++)
        {
            IsSignedBy(i, key);
        }
    }

    private bool Verify(ReadOnlySpan<byte> signature, SignerKey signer)
    {
        Span<byte> key = stackalloc byte[Hash.Size];
        signer.Key.CopyTo(key);
        if (signer.Type == CryptoKeyType.HashX)
        {
            Span<byte> digest = stackalloc byte[Hash.Size];
            SHA256.HashData(signature, digest);
            return digest.SequenceEqual(key);
        }

        if (signer.Type == CryptoKeyType.Ed25519SignedPayload)
        {
            return Ed25519.Verify(key, signer.Payload.AsSpan(), signature);
        }

        Span<byte> message = stackalloc byte[Hash.Size];
        contentsHash.CopyTo(message);
        return Ed25519.Verify(key, message, signature);
    }

    private static void WriteHint(SignerKey signer, Span<byte> hint)
    {
        Span<byte> key = stackalloc byte[Hash.Size];
        signer.Key.CopyTo(key);
        key[^HintSize..].CopyTo(hint);
        if (signer.Type != CryptoKeyType.Ed25519SignedPayload)
        {
            return;
        }

        // The hint of a signed payload mixes in the payload's last bytes; a shorter payload counts from its start.
        var payload = signer.Payload.AsSpan();
        var tail = payload.Length > HintSize ? payload[^HintSize..] : payload;
        for (var i = 0; i < tail.Length; i++)
        {
            hint[i] ^= tail[i];
        }
    }
}
