using System.Text.Encodings.Web;
using System.Text.Json;

namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>
/// Writes events. From the event and the version alone: the same event is the same bytes, whoever writes it and whatever has happened
/// since.
/// </summary>
internal static class EventRenderer
{
    private const string Simple = "simple";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Bytes for programs, never within a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The body that an endpoint is sent.</summary>
    public static byte[] BodyOf(MerchantEvent happened, string version) => happened.Dialect == Simple
        ? JsonSerializer.SerializeToUtf8Bytes(SimpleOf(happened), Json)
        : JsonSerializer.SerializeToUtf8Bytes(Of(happened, version), Json);

    /// <summary>The event as the API answers it.</summary>
    public static EventJson Of(MerchantEvent happened, string version)
    {
        if (!EventVersions.All.Contains(version))
        {
            throw new ArgumentOutOfRangeException(nameof(version), version, "Events are not written by this version.");
        }

        var data = happened.Data;
        return new EventJson(
            happened.Id,
            "event",
            version,
            happened.OccurredAt.ToUnixTimeSeconds(),
            new EventDataJson(
                data.GetProperty("object"), data.TryGetProperty("previous_attributes", out var before) ? before : null),
            data.TryGetProperty("livemode", out var live) && live.ValueKind == JsonValueKind.True,
            happened.Pending,
            new EventRequestJson(null, null),
            happened.Type,
            new EventExtraJson(happened.Object, happened.Sequence));
    }

    private static SimpleEventJson SimpleOf(MerchantEvent happened)
    {
        var session = happened.Data.GetProperty("object");
        return new SimpleEventJson(
            happened.Type,
            happened.Object,
            Given(session, "amount_fiat") ?? Given(session, "amount") ?? Given(session, "amount_asset"),
            Given(session, "tx_hash")?.ToString());
    }

    private static JsonElement? Given(JsonElement session, string name) =>
        session.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
