using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class PaymentRule(OperationContext context, PaymentOperation operation)
    : OperationRule<PaymentResultCode>(context)
{
    public override OperationResult? Check() =>
        operation.Amount <= 0 || !AssetRules.IsValid(operation.Asset) ? Fail(PaymentResultCode.Malformed) : null;

    public override OperationResult Apply()
    {
        var destination = operation.Destination.AccountId;
        var asset = operation.Asset;
        if (destination == Source && asset.IsNative)
        {
            return Success;
        }

        if (!PaymentSteps.ReturnsToIssuer(destination, asset, asset, 0) && State.Account(destination) is null)
        {
            return Fail(PaymentResultCode.NoDestination);
        }

        var fault = PaymentSteps.Receive(State, destination, asset, operation.Amount)
            ?? PaymentSteps.Send(State, Source, asset, operation.Amount);
        return fault is { } reason ? Fail((PaymentResultCode)reason) : Success;
    }

    protected override OperationResultBody ResultOf(PaymentResultCode code) => new PaymentResult(code);
}
