using StellarPay.Chaos.Audit.Checks;
using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit;

/// <summary>
/// Compares what users were told and are shown, the events, and the ledger. It shares no code with what it
/// audits, and asks nothing of it but what it shows to everybody.
/// </summary>
internal static class Auditor
{
    /// <summary>All that is wrong.</summary>
    public static IReadOnlyList<Finding> Audit(AuditEvidence evidence) =>
    [
        .. TotalsCheck.Run(evidence),
        .. PaymentsOnLedgerCheck.Run(evidence),
        .. CreditsCheck.Run(evidence),
        .. BalancesCheck.Run(evidence),
        .. LimitsCheck.Run(evidence),
        .. TransitionsCheck.Run(evidence),
        .. RevisionsCheck.Run(evidence),
        .. StoredStateCheck.Run(evidence),
        .. ReadTableCheck.Run(evidence),
        .. AnswersCheck.Run(evidence),
        .. OwnershipCheck.Run(evidence),
        .. ChainsCheck.Run(evidence),
        .. ClaimablesCheck.Run(evidence),
        .. SchedulesCheck.Run(evidence),
        .. SuspenseCheck.Run(evidence),
        .. KeysCheck.Run(evidence),
        .. HubCheck.Run(evidence),
        .. ParkedCheck.Run(evidence),
        .. SessionsCheck.Run(evidence),
        .. SessionPaymentsCheck.Run(evidence),
        .. OwnAddressesCheck.Run(evidence),
        .. RefundsCheck.Run(evidence),
        .. WebhooksCheck.Run(evidence),
        .. MerchantAccountsCheck.Run(evidence),
        .. JournalCheck.Run(evidence),
    ];
}
