using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Every audit chain verifies.</summary>
internal static class ChainsCheck
{
    public static IEnumerable<Finding> Run(AuditEvidence evidence) => evidence.Database.BrokenChains
        .Select(chain => new Finding("audit chain", chain.Key, $"its row {chain.Value} does not fit"));
}
