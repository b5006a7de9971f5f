using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Accounts;

/// <summary>What an account's next transaction is to do.</summary>
/// <param name="Memo">The memo; <see cref="Stellar.Xdr.Memo.None"/> for none.</param>
/// <param name="Operations">In the transaction's order.</param>
/// <param name="Cause">What it is for, in the audit log: an id.</param>
internal sealed record SubmissionPlan(Memo Memo, IReadOnlyList<PlannedOperation> Operations, string Cause);

/// <summary>One operation of it.</summary>
/// <param name="Subject">The id of what it carries out.</param>
/// <param name="Operation">What it does.</param>
internal sealed record PlannedOperation(string Subject, Operation Operation);
