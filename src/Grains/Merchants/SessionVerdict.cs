using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// What a session tells the merchant who books its payments: of what came, how much counts towards its price, and what becomes of what
/// counted. Amounts are stroops of one asset. Stored as JSON: names are a contract.
/// </summary>
/// <param name="Session">The session, <c>pay_…</c>.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Received">What came: the sum of the next three.</param>
/// <param name="Counted">What of it counts towards the price.</param>
/// <param name="Kept">What of it is beyond the price, and the merchant keeps.</param>
/// <param name="Held">What of it is its payer's to have back: late, in another asset.</param>
/// <param name="Settled">All that counted, where the session is paid by it; else 0.</param>
/// <param name="Released">All that counted, where the session ended without being paid; else 0.</param>
/// <param name="Fee">What of what is settled is the platform's.</param>
/// <param name="Accepted">What was held as late for another session and pays this one; else 0.</param>
/// <param name="Credited">What was held of that payment, or of one of this session, is beyond the price, and the merchant keeps.</param>
/// <param name="Receipt">The unmatched receipt that it is of, as it was assigned; null for what named the session itself.</param>
internal sealed record SessionVerdict(
    string Session, string Asset, long Received = 0, long Counted = 0, long Kept = 0, long Held = 0, long Settled = 0, long Released = 0,
    long Fee = 0, long Accepted = 0, long Credited = 0, UnmatchedReceipt? Receipt = null)
{
    /// <summary>Whether it takes something from what is held.</summary>
    [JsonIgnore] public bool IsAcceptance => Accepted > 0 || Credited > 0;

    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told.</summary>
    public static SessionVerdict Of(JsonElement content) =>
        content.Deserialize<SessionVerdict>(StateJson.Options) ?? throw new JsonException("A verdict says nothing.");
}
