using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class PathPaymentStrictSendRule(OperationContext context, PathPaymentStrictSendOperation operation)
    : PathPaymentRule<PathPaymentStrictSendResultCode>(context)
{
    public override OperationResult? Check() =>
        IsMalformed(operation.SendAmount, operation.DestMin, operation.SendAsset, operation.DestAsset, operation.Path)
            ? Fail(PaymentFault.Malformed)
            : null;

    public override OperationResult Apply()
    {
        var destination = operation.Destination.AccountId;
        if (LacksDestination(destination, operation.SendAsset, operation.DestAsset, operation.Path))
        {
            return Fail(PaymentFault.NoDestination);
        }

        if (PaymentSteps.Send(State, Source, operation.SendAsset, operation.SendAmount) is { } unsent)
        {
            return Fail(unsent);
        }

        var crossings = new List<Crossing>();
        var sent = operation.SendAsset;
        var amount = operation.SendAmount;
        foreach (var received in operation.Path.Append(operation.DestAsset))
        {
            if (received == sent)
            {
                continue;
            }

            var request = new ConversionRequest(
                sent,
                amount,
                received,
                long.MaxValue,
                ExchangeRounding.StrictSend,
                ConversionRequest.OfferLimit - crossings.Count);
            if (Convert(request, out var conversion) is { } failure)
            {
                return failure;
            }

            amount = conversion.WheatReceived;
            sent = received;
            crossings.AddRange(conversion.Crossings);
        }

        if (amount < operation.DestMin)
        {
            return Fail(PaymentFault.ConstraintNotMet);
        }

        return PaymentSteps.Receive(State, destination, operation.DestAsset, amount) is { } unreceived
            ? Fail(unreceived)
            : Succeeded(crossings, new SimplePaymentResult(destination, operation.DestAsset, amount));
    }

    protected override bool IsInFull(ConversionRequest request, Conversion conversion) =>
        conversion.SheepSent == request.MaxSheepSend;

    protected override OperationResultBody ResultOf(PathPaymentStrictSendResultCode code) =>
        new PathPaymentStrictSendResult(code, code == default ? PaymentSteps.Nothing : null);

    private static PathPaymentStrictSendResult Succeeded(List<Crossing> crossings, SimplePaymentResult last) =>
        new(PathPaymentStrictSendResultCode.Success, new PathPaymentSuccess(Crossing.ToClaims(crossings), last));
}
