using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Accounts;

/// <summary>What an account's next transaction is to do.</summary>
/// <param name="Memo">The memo; <see cref="Stellar.Xdr.Memo.None"/> for none.</param>
/// <param name="Operations">In the transaction's order.</param>
/// <param name="Cause">What it is for, in the audit log: an id.</param>
/// <param name="Action">What is done, in the audit log.</param>
/// <param name="Valid">How long after the latest ledger it may be applied; null for as long as a payment.</param>
/// <param name="Cosigning">Who else has to sign; null for nobody.</param>
/// <param name="MostFeeStroops">
/// The most that is bid for the whole, by what it is worth; the first bid is made in any case. Null for what the platform allows.
/// </param>
/// <param name="NotAfter">The last moment at which it may be applied, however long the rest allows; null for none.</param>
internal sealed record SubmissionPlan(
    Memo Memo, IReadOnlyList<PlannedOperation> Operations, string Cause, string Action = "payment.sign", TimeSpan? Valid = null,
    ICosigning? Cosigning = null, long? MostFeeStroops = null, DateTimeOffset? NotAfter = null);

/// <summary>One operation of it.</summary>
/// <param name="Subject">The id of what it carries out.</param>
/// <param name="Operation">What it does.</param>
internal sealed record PlannedOperation(string Subject, Operation Operation);

/// <summary>A plan made into a transaction, which wants signatures.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Facts">What was fetched for it.</param>
/// <param name="Unsigned">The transaction.</param>
/// <param name="MaxTime">Its last moment, by the network's clock.</param>
internal sealed record SubmissionDraft(
    SubmissionPlan Plan, SigningFacts Facts, UnsignedTransaction Unsigned, DateTimeOffset MaxTime);
