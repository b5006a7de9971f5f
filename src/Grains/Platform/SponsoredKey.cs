using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform;

/// <summary>
/// The other thing that a fee account does in a transaction of another besides paying for it: it carries the reserve of
/// the signer that replaces the other's key (CAP-33).
/// </summary>
internal static class SponsoredKey
{
    /// <summary>
    /// Whether a transaction is just this: the sponsor begins to sponsor its source, which sets signers and weights, once
    /// or twice, and ends it. Nothing before, between or after.
    /// </summary>
    public static bool IsIn(Transaction transaction, string sponsor)
    {
        var source = transaction.Source.AccountId;
        if (source.ToString() == sponsor || transaction.Operations.Count is < 3 or > 4)
        {
            return false;
        }

        var (begin, end) = (transaction.Operations[0], transaction.Operations[transaction.Operations.Count - 1]);
        return begin.Source?.AccountId.ToString() == sponsor
            && begin.Body is BeginSponsoringFutureReservesOperation { SponsoredId: var sponsored } && sponsored == source
            && transaction.Operations.Skip(1).SkipLast(1).All(operation => SetsSigner(source, operation))
            && IsOf(source, end) && end.Body is EndSponsoringFutureReservesOperation;
    }

    private static bool SetsSigner(AccountId source, Operation operation) =>
        IsOf(source, operation)
        && operation.Body is SetOptionsOperation
        {
            Signer: not null, InflationDestination: null, ClearFlags: null, SetFlags: null, HomeDomain: null,
        };

    private static bool IsOf(AccountId source, Operation operation) =>
        operation.Source is not { } own || own.AccountId == source;
}
