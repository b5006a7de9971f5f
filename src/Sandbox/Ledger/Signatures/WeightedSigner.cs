using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>A signer and what its signature counts.</summary>
internal readonly record struct WeightedSigner(SignerKey Key, uint Weight)
{
    /// <summary>All that may sign for an account: its own key, if that has weight, and its signers.</summary>
    public static List<WeightedSigner> Of(Account account)
    {
        var signers = new List<WeightedSigner>(account.Signers.Count + 1);
        if (account.Thresholds.MasterWeight > 0)
        {
            signers.Add(new WeightedSigner(SignerKey.Ed25519(account.Id), account.Thresholds.MasterWeight));
        }

        foreach (var signer in account.Signers.AsSpan())
        {
            signers.Add(new WeightedSigner(signer.Key, signer.Weight));
        }

        return signers;
    }
}
