using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Payments;

/// <summary>The kinds of payments.</summary>
internal static class PaymentKinds
{
    private static readonly PlainPayment Plain = new();
    private static readonly PathPayment Path = new();
    private static readonly ClaimablePayment Claimable = new();

    /// <summary>The kind of a payment.</summary>
    public static IPaymentKind Of(PaymentRecord payment) => Of(payment.Method);

    /// <summary>The kind of a method.</summary>
    public static IPaymentKind Of(PaymentMethod method) => method switch
    {
        PaymentMethod.Payment => Plain,
        PaymentMethod.PathStrictReceive or PaymentMethod.PathStrictSend => Path,
        PaymentMethod.ClaimableBalance => Claimable,
        _ => throw new InvalidOperationException($"No kind of payment is made by {method}."),
    };

    /// <summary>The one operation of a payment that has no others around it.</summary>
    internal static IReadOnlyList<PlannedOperation> Single(PaymentRecord payment, OperationBody body) =>
        [new PlannedOperation(payment.Id, new Operation(null, body))];
}
