using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class PathPaymentStrictReceiveRule(
    OperationContext context, PathPaymentStrictReceiveOperation operation)
    : PathPaymentRule<PathPaymentStrictReceiveResultCode>(context)
{
    public override OperationResult? Check() =>
        IsMalformed(
            operation.DestAmount, operation.SendMax, operation.SendAsset, operation.DestAsset, operation.Path)
            ? Fail(PaymentFault.Malformed)
            : null;

    public override OperationResult Apply()
    {
        var destination = operation.Destination.AccountId;
        if (LacksDestination(destination, operation.SendAsset, operation.DestAsset, operation.Path))
        {
            return Fail(PaymentFault.NoDestination);
        }

        if (PaymentSteps.Receive(State, destination, operation.DestAsset, operation.DestAmount) is { } unreceived)
        {
            return Fail(unreceived);
        }

        // The path is walked backwards: what one hop must deliver is what the hop before it must send.
        var crossings = new List<Crossing>();
        var received = operation.DestAsset;
        var amount = operation.DestAmount;
        foreach (var sent in operation.Path.Reverse().Append(operation.SendAsset))
        {
            if (received == sent)
            {
                continue;
            }

            var request = new ConversionRequest(
                sent,
                long.MaxValue,
                received,
                amount,
                ExchangeRounding.StrictReceive,
                ConversionRequest.OfferLimit - crossings.Count);
            if (Convert(request, out var conversion) is { } failure)
            {
                return failure;
            }

            amount = conversion.SheepSent;
            received = sent;
            crossings.InsertRange(0, conversion.Crossings);
        }

        if (amount > operation.SendMax)
        {
            return Fail(PaymentFault.ConstraintNotMet);
        }

        return PaymentSteps.Send(State, Source, operation.SendAsset, amount) is { } unsent
            ? Fail(unsent)
            : Succeeded(crossings, new SimplePaymentResult(destination, operation.DestAsset, operation.DestAmount));
    }

    protected override bool IsInFull(ConversionRequest request, Conversion conversion) =>
        conversion.WheatReceived == request.MaxWheatReceive;

    protected override OperationResultBody ResultOf(PathPaymentStrictReceiveResultCode code) =>
        new PathPaymentStrictReceiveResult(code, code == default ? PaymentSteps.Nothing : null);

    private static PathPaymentStrictReceiveResult Succeeded(List<Crossing> crossings, SimplePaymentResult last) =>
        new(PathPaymentStrictReceiveResultCode.Success, new PathPaymentSuccess(Crossing.ToClaims(crossings), last));
}
