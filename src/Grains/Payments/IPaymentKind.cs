using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Payments;

/// <summary>
/// One kind of payment: by which operations it is made, and what is peculiar to it on its way. What all payments share is in
/// the wallet's books. Looks at what it is given, and touches nothing but the state.
/// </summary>
internal interface IPaymentKind
{
    /// <summary>Whether it may be in one transaction with others.</summary>
    bool SharesTransactions => true;

    /// <summary>Whether the platform carries a reserve for it.</summary>
    bool NeedsSponsor => false;

    /// <summary>
    /// Whether it must be worth something, and its cost. Not so what ends something: the rest of a session, a refund, a sweep, the
    /// closing of a wallet.
    /// </summary>
    bool HasMinimum => true;

    /// <summary>By how many operations it is made.</summary>
    int Operations => 1;

    /// <summary>Why it cannot be made by what the network says, or null.</summary>
    Error? Check(QuoteFacts facts);

    /// <summary>The operations that make it; exactly one has the payment's id as its subject.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="source">The wallet's address.</param>
    /// <param name="sponsor">The platform account that carries a reserve; null where none is needed.</param>
    IReadOnlyList<PlannedOperation> Plan(PaymentRecord payment, string source, string? sponsor);

    /// <summary>It is on the ledger.</summary>
    void Land(WalletState state, PaymentRecord payment)
    {
    }

    /// <summary>Its operation is in the balance. Whether that is worth an event.</summary>
    bool Settle(WalletState state, PaymentRecord payment, LedgerOperation operation) => false;

    /// <summary>The ledger or the network refused it.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="payment">The payment.</param>
    /// <param name="code">The code of its own operation; the transaction's where there is none.</param>
    /// <param name="refusal">How its transaction came to nothing.</param>
    void Refuse(WalletState state, PaymentRecord payment, string code, Refusal refusal);
}
