using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet's next transaction is to do.</summary>
/// <param name="Memo">The memo; <see cref="Stellar.Xdr.Memo.None"/> for none.</param>
/// <param name="Operations">In the transaction's order.</param>
internal sealed record FlightPlan(Memo Memo, IReadOnlyList<PlannedOperation> Operations);

/// <summary>One operation of it.</summary>
/// <param name="Subject">The id of what it carries out.</param>
/// <param name="Operation">What it does.</param>
internal sealed record PlannedOperation(string Subject, Operation Operation);
