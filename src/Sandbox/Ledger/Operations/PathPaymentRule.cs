using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What the two kinds of path payment have in common.</summary>
internal abstract class PathPaymentRule<TCode>(OperationContext context) : OperationRule<TCode>(context)
    where TCode : struct, Enum
{
    protected OperationResult Fail(PaymentFault fault) => Fail((TCode)Enum.ToObject(typeof(TCode), (int)fault));

    protected bool IsMalformed(long amount, long bound, Asset send, Asset receive, ValueList<Asset> path) =>
        amount <= 0
        || bound <= 0
        || !AssetRules.IsValid(send)
        || !AssetRules.IsValid(receive)
        || !AssetRules.AreValid(path);

    protected bool LacksDestination(AccountId destination, Asset send, Asset receive, ValueList<Asset> path) =>
        !PaymentSteps.ReturnsToIssuer(destination, send, receive, path.Count) && State.Account(destination) is null;

    /// <summary>One hop; the failure if it does not come about in full, null if it does.</summary>
    protected OperationResult? Convert(ConversionRequest request, out Conversion conversion)
    {
        conversion = Context.Transaction.Exchange.Convert(
            request,
            offer => offer.Seller == Source ? OfferVerdict.StopAtOwnOffer : OfferVerdict.Cross);
        return conversion.End switch
        {
            ConversionEnd.Complete when IsInFull(request, conversion) => null,
            ConversionEnd.StoppedAtOwnOffer => Fail(PaymentFault.OfferCrossSelf),
            ConversionEnd.CrossedTooMany => new OperationResult(OperationResultCode.ExceededWorkLimit),
            _ => Fail(PaymentFault.TooFewOffers),
        };
    }

    protected abstract bool IsInFull(ConversionRequest request, Conversion conversion);
}
