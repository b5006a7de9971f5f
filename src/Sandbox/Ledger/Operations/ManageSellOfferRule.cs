using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Sells an amount. A passive offer goes by the same rules, and its result says manage-sell-offer too: so does
/// stellar-core's, which clients know.
/// </summary>
internal sealed class ManageSellOfferRule(OperationContext context, ManagedOffer managed, long amount)
    : ManageOfferRule(context, managed)
{
    private readonly Price _price = managed.Price;

    protected override long Amount => amount;

    protected override (long Buying, long Selling) WholeLiabilities =>
        ExchangeRules.Liabilities(_price, amount, long.MaxValue);

    public static ManageSellOfferRule Of(OperationContext context, ManageSellOfferOperation operation) => new(
        context,
        new ManagedOffer(operation.Selling, operation.Buying, operation.OfferId, operation.Price),
        operation.Amount);

    public static ManageSellOfferRule Of(OperationContext context, CreatePassiveSellOfferOperation operation) => new(
        context,
        new ManagedOffer(operation.Selling, operation.Buying, 0, operation.Price, IsPassive: true),
        operation.Amount);

    protected override (long Sheep, long Wheat) Limit(long sheep, long sheepSent, long wheat, long wheatReceived) =>
        (Math.Min(amount - sheepSent, sheep), wheat);

    protected override OperationResultBody Succeeded(ManageOfferSuccess success) =>
        new ManageSellOfferResult(ManageSellOfferResultCode.Success, success);

    protected override OperationResultBody ResultOf(ManageSellOfferResultCode code) => new ManageSellOfferResult(code);
}
