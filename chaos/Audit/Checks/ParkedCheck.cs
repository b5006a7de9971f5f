using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Nothing that the ledger did was too strange to be taken in.</summary>
internal static class ParkedCheck
{
    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        evidence.Database.Parked.Select(parked => new Finding("parked", parked.Split(' ')[0], parked));
}
