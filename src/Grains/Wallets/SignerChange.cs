using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>The replacement of an account's signer, in the one shape in which a fee account carries its reserve.</summary>
internal static class SignerChange
{
    /// <summary>
    /// The operations: from one ledger to the next it is the new key, and no other, that signs for the account.
    /// </summary>
    /// <param name="address">The account.</param>
    /// <param name="sponsor">Who carries the new signer's reserve.</param>
    /// <param name="present">The key that signs now.</param>
    /// <param name="next">The key that is to sign.</param>
    public static IEnumerable<Operation> Of(string address, string sponsor, string present, string next)
    {
        yield return new Operation(
            AccountId.Parse(sponsor), new BeginSponsoringFutureReservesOperation(AccountId.Parse(address)));
        yield return new Operation(null, SetSigner(next, weight: 1, masterWeight: 0, thresholds: 1));
        if (present != address)
        {
            yield return new Operation(null, SetSigner(present, weight: 0, masterWeight: null, thresholds: null));
        }

        yield return new Operation(null, EndSponsoringFutureReservesOperation.Instance);
    }

    private static SetOptionsOperation SetSigner(string key, uint weight, uint? masterWeight, uint? thresholds) => new(
        null, null, null, masterWeight, thresholds, thresholds, thresholds, null,
        new Signer(SignerKey.Ed25519(AccountId.Parse(key)), weight));
}
