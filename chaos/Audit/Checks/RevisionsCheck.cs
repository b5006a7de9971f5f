using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>A wallet's revisions begin at 1 and rise by 1 from write to write: none is lost, none comes twice.</summary>
internal static class RevisionsCheck
{
    private const string Rule = "revision";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in evidence.Database.Events.Where(row => row.IsOfWallet))
        {
            if (row.Text("walletId") is not { } wallet || row.Number("revision") is not { } revision)
            {
                continue;
            }

            // The events of one write stand together and have one revision.
            var before = last.GetValueOrDefault(wallet);
            if (revision != before && revision != before + 1)
            {
                yield return new Finding(
                    Rule, wallet, $"revision {revision} comes after {before} ({row.Type} {row.EventId} of {row.Subject})");
            }

            last[wallet] = revision;
        }
    }
}
