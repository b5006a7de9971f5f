using System.Text.Json;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// A claim of which nobody could say how much it was when its ledger was taken. It is parked for those whom it names, in our own
/// words, for it was read; what is missing is asked for when an operator has it tried again.
/// </summary>
internal static class UnexplainedClaim
{
    // No line of Horizon's has such a member.
    private const string Member = "unexplainedClaim";

    public static UnreadOperation Of(LedgerOperation claim, string problem) => new(
        claim.PagingToken, claim.Ledger, claim.TransactionHash, UnreadKind.Unexplained,
        JsonSerializer.Serialize(new Dictionary<string, LedgerOperation> { [Member] = claim }, JsonSerializerOptions.Web),
        $"It is not known how much it claimed. {problem}", [.. claim.Accounts().Distinct(StringComparer.Ordinal)]);

    /// <summary>The claim that a parked line is; null where it is something else.</summary>
    public static LedgerOperation? Read(UnreadOperation line)
    {
        if (line.Kind != UnreadKind.Unexplained)
        {
            return null;
        }

        using var document = JsonDocument.Parse(line.Raw);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Member, out var claim)
            ? claim.Deserialize<LedgerOperation>(JsonSerializerOptions.Web)
            : null;
    }
}
