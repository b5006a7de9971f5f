using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Payments;

/// <summary>A payment of what the wallet holds to an account that can receive it.</summary>
internal sealed class PlainPayment : IPaymentKind
{
    public Error? Check(QuoteFacts facts) => DestinationRules.Check(facts.Destination, facts.Terms);

    public IReadOnlyList<PlannedOperation> Plan(PaymentRecord payment, string source, string? sponsor) =>
        PaymentKinds.Single(payment, TransactionFactory.Payment(payment.Destination, payment.Asset, payment.Stroops));

    public void Refuse(WalletState state, PaymentRecord payment, string code, Refusal refusal) =>
        Trustlines.LearnFreeze(state, payment, code, refusal.Report.Ledger);
}
