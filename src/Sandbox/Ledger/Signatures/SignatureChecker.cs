using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Weighs the signatures of one transaction, and remembers which of them anything needed.</summary>
internal sealed class SignatureChecker
{
    private const int MaximumWeight = byte.MaxValue;

    // Core looks for signers in this order, so that a signature that it does not need stays unused.
    private static readonly CryptoKeyType[] Order =
        [CryptoKeyType.HashX, CryptoKeyType.Ed25519, CryptoKeyType.Ed25519SignedPayload];

    private readonly Hash _contentsHash;
    private readonly SignatureVerifier _verifier;
    private readonly bool[] _used;

    public SignatureChecker(Hash contentsHash, SignatureVerifier verifier)
    {
        _contentsHash = contentsHash;
        _verifier = verifier;
        _used = new bool[verifier.Count];
    }

    public bool AreAllUsed => Array.TrueForAll(_used, used => used);

    /// <summary>Whether the signatures reach the weight; even none needs one valid signature.</summary>
    public bool Check(List<WeightedSigner> signers, int neededWeight)
    {
        var total = 0;
        foreach (var signer in signers)
        {
            if (signer.Key.Type == CryptoKeyType.PreAuthTx && signer.Key.Key == _contentsHash)
            {
                total += Counted(signer);
                if (total >= neededWeight)
                {
                    return true;
                }
            }
        }

        foreach (var type in Order)
        {
            if (CheckKind(signers, type, neededWeight, ref total))
            {
                return true;
            }
        }

        return false;
    }

    private bool CheckKind(List<WeightedSigner> signers, CryptoKeyType type, int neededWeight, ref int total)
    {
        List<WeightedSigner>? left = null;
        for (var i = 0; i < _used.Length; i++)
        {
            left ??= signers.FindAll(signer => signer.Key.Type == type);
            var match = -1;
            for (var s = 0; s < left.Count && match < 0; s++)
            {
                if (_verifier.IsSignedBy(i, left[s].Key))
                {
                    match = s;
                }
            }

            if (match >= 0)
            {
                _used[i] = true;
                total += Counted(left[match]);
                if (total >= neededWeight)
                {
                    return true;
                }

                left.RemoveAt(match);
            }
        }

        return false;
    }

    private static int Counted(WeightedSigner signer) => (int)Math.Min(signer.Weight, MaximumWeight);
}
