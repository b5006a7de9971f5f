using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Buys an amount: an offer at the inverse price, bounded by what is bought.</summary>
internal sealed class ManageBuyOfferRule(OperationContext context, ManageBuyOfferOperation operation)
    : ManageOfferRule(
        context,
        new ManagedOffer(
            operation.Selling, operation.Buying, operation.OfferId, PriceRules.Inverse(operation.Price)))
{
    protected override long Amount => operation.BuyAmount;

    protected override (long Buying, long Selling) WholeLiabilities =>
        ExchangeRules.Liabilities(PriceRules.Inverse(operation.Price), long.MaxValue, operation.BuyAmount);

    protected override (long Sheep, long Wheat) Limit(long sheep, long sheepSent, long wheat, long wheatReceived) =>
        (sheep, Math.Min(operation.BuyAmount - wheatReceived, wheat));

    protected override OperationResultBody Succeeded(ManageOfferSuccess success) =>
        new ManageBuyOfferResult(ManageBuyOfferResultCode.Success, success);

    protected override OperationResultBody ResultOf(ManageSellOfferResultCode code) =>
        new ManageBuyOfferResult((ManageBuyOfferResultCode)code);
}
