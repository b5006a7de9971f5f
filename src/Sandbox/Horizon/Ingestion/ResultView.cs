using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The parts of a result that answers show, whether a fee-bump wraps it or not.</summary>
internal static class ResultView
{
    public static ValueList<OperationResult> Operations(TransactionResult result) =>
        result.Inner?.Result.Operations ?? result.Operations;

    /// <summary>The offers that an operation crossed.</summary>
    public static ValueList<ClaimAtom> Claims(OperationResult? result) => result?.Inner switch
    {
        PathPaymentStrictReceiveResult { Success: { } success } => success.Offers,
        PathPaymentStrictSendResult { Success: { } success } => success.Offers,
        _ => OfferSuccess(result)?.Claimed ?? default,
    };

    /// <summary>What managing an offer came to.</summary>
    public static ManageOfferSuccess? OfferSuccess(OperationResult? result) => result?.Inner switch
    {
        ManageSellOfferResult sell => sell.Success,
        ManageBuyOfferResult buy => buy.Success,
        CreatePassiveSellOfferResult passive => passive.Success,
        _ => null,
    };
}
