using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Payments;

/// <summary>The operation of the network that carries a payment out.</summary>
internal static class PaymentOperations
{
    public static OperationBody Of(PaymentRecord payment) => payment.Method switch
    {
        PaymentMethod.Payment => TransactionFactory.Payment(payment.Destination, payment.Asset, payment.Stroops),
        PaymentMethod.PathStrictReceive when payment.Path is { } path => new PathPaymentStrictReceiveOperation(
            Asset.Parse(path.SourceAsset), path.SourceMaxStroops, MuxedAccount.Parse(payment.Destination),
            Asset.Parse(payment.Asset), payment.Stroops, [.. path.Hops.Select(hop => Asset.Parse(hop))]),
        PaymentMethod.PathStrictSend when payment.Path is { } path => new PathPaymentStrictSendOperation(
            Asset.Parse(path.SourceAsset), path.SourceStroops, MuxedAccount.Parse(payment.Destination),
            Asset.Parse(payment.Asset), path.MinStroops, [.. path.Hops.Select(hop => Asset.Parse(hop))]),
        _ => throw new InvalidOperationException($"Payment {payment.Id} has no operation."),
    };
}
