using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform;

/// <summary>
/// The one thing that a fee account does in a transaction of another besides paying for it: it carries the reserve of a
/// claimable balance that the other creates (CAP-33), so that users need no XLM for it.
/// </summary>
internal static class SponsoredBalance
{
    /// <summary>The most claimants, for each of which half an XLM is held back while the balance is there.</summary>
    public const int MaxClaimants = 2;

    /// <summary>
    /// Whether a transaction is just this: the sponsor begins to sponsor its source, which creates one claimable balance,
    /// and ends it. Nothing between or after, and nothing before but what the source pays of its own.
    /// </summary>
    public static bool IsIn(Transaction transaction, string sponsor)
    {
        var source = transaction.Source.AccountId;
        return source.ToString() != sponsor
            && Sponsored(transaction) is [var begin, var create, var end]
            && begin.Source?.AccountId.ToString() == sponsor
            && begin.Body is BeginSponsoringFutureReservesOperation { SponsoredId: var sponsored } && sponsored == source
            && IsOf(source, create) && create.Body is CreateClaimableBalanceOperation { Claimants.Count: <= MaxClaimants }
            && IsOf(source, end) && end.Body is EndSponsoringFutureReservesOperation;
    }

    /// <summary>The operations, of which the middle one is the balance's creation.</summary>
    public static IReadOnlyList<Operation> Of(string sponsor, string source, OperationBody create) =>
    [
        new Operation(AccountId.Parse(sponsor), new BeginSponsoringFutureReservesOperation(AccountId.Parse(source))),
        new Operation(null, create),
        new Operation(null, EndSponsoringFutureReservesOperation.Instance),
    ];

    // A payer whose free operations are used up pays the fee first.
    private static IReadOnlyList<Operation> Sponsored(Transaction transaction) =>
        transaction.Operations is [{ Body: PaymentOperation } fee, ..] && IsOf(transaction.Source.AccountId, fee)
            ? [.. transaction.Operations.Skip(1)]
            : [.. transaction.Operations];

    private static bool IsOf(AccountId source, Operation operation) =>
        operation.Source is not { } own || own.AccountId == source;
}
