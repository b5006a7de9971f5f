using System.Text.Json;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>A payment session from its first event to its last, with those of its refunds.</summary>
/// <param name="Id">The session.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Events">Its own events, oldest first.</param>
/// <param name="Sequence">The counts of its changes as its events and those of its refunds bear them.</param>
internal sealed record SessionStory(string Id, string Merchant, IReadOnlyList<EventRow> Events, IReadOnlyList<long> Sequence)
{
    public const string Created = "payment_session.created";
    public const string Paid = "payment_session.paid";

    private const string Prefix = "payment_session.";
    private const string Refunds = "refund.";

    // What no event may change.
    private static readonly string[] Terms =
        ["merchant_id", "currency", "amount_decimal", "assets", "pay_to", "created_at", "expires_at", "amount_tolerance_bps", "recovered_from"];

    /// <summary>Where it ended.</summary>
    public string Status => StatusOf(Events[^1]);

    public bool IsRecovered => Events[0].Data.GetProperty("object").GetProperty("recovered_from").ValueKind == JsonValueKind.String;

    public static string StatusOf(EventRow row) => row.Data.GetProperty("object").GetProperty("status").GetString() ?? "";

    public static string TermsOf(EventRow row) =>
        string.Join(' ', Terms.Select(name => row.Data.GetProperty("object").GetProperty(name).GetRawText()));

    /// <summary>Of which object an event tells.</summary>
    public static string? ObjectOf(EventRow row) =>
        row.Data.TryGetProperty("object", out var about) && about.TryGetProperty("id", out var id) ? id.GetString() : null;

    public static Dictionary<string, SessionStory> ReadAll(IEnumerable<EventRow> events) => events
        .Where(row => row.Type.StartsWith(Prefix, StringComparison.Ordinal) || row.Type.StartsWith(Refunds, StringComparison.Ordinal))
        .GroupBy(row => row.Text("session")!, StringComparer.Ordinal)
        .Select(group => new SessionStory(
            group.Key,
            group.First().Owner ?? "",
            [.. group.Where(row => row.Type.StartsWith(Prefix, StringComparison.Ordinal))],
            [.. group.Select(row => row.Number("seq") ?? 0)]))
        .Where(story => story.Events.Count > 0)
        .ToDictionary(story => story.Id, StringComparer.Ordinal);
}
