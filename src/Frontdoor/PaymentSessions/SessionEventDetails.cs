using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// Opens what a merchant said of a sale where events of its session are shown to him: events carry it encrypted, so that erasing the
/// merchant's key ends it everywhere; and adds the page's URL, whose secret no event carries. What an event says is then what a question
/// for the session answers.
/// </summary>
internal sealed class SessionEventDetails(SaleDetailsSeal seal, CheckoutLinks links)
{
    private const string Sealed = "details";
    private const string Url = "checkout_url";
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A merchant's events as they are shown to him; those that carry nothing encrypted as they are.</summary>
    public async Task<IReadOnlyList<MerchantEvent>> OpenAsync(
        MerchantId merchant, IReadOnlyList<MerchantEvent> events, CancellationToken cancellationToken)
    {
        if (events.All(happened => SessionOf(happened) is null))
        {
            return events;
        }

        var details = await seal.OpenAsync(merchant, [.. events.Select(SealedOf)], cancellationToken);
        return [.. events.Select((happened, at) => SessionOf(happened) is { } session ? With(happened, session, details[at]) : happened)];
    }

    private MerchantEvent With(MerchantEvent happened, PaymentSessionId id, SaleDetailsJson details)
    {
        var data = JsonSerializer.SerializeToNode(happened.Data)!.AsObject();
        var session = data["object"]!.AsObject();
        session[Url] = links.UrlOf(id);
        if (!data.Remove(Sealed))
        {
            return happened with { Data = JsonSerializer.SerializeToElement(data) };
        }

        session["customer_email"] = details.CustomerEmail;
        session["description"] = details.Description;
        session["line_items"] = JsonSerializer.SerializeToNode(details.LineItems ?? [], Snake);
        session["metadata"] = JsonSerializer.SerializeToNode(details.Metadata ?? []);
        return happened with { Data = JsonSerializer.SerializeToElement(data) };
    }

    private static PaymentSessionId? SessionOf(MerchantEvent happened) =>
        happened.Data.ValueKind == JsonValueKind.Object && happened.Data.TryGetProperty("object", out var about)
        && about.ValueKind == JsonValueKind.Object && about.TryGetProperty(Url, out _)
        && about.TryGetProperty("id", out var id) && PaymentSessionId.TryParse(id.GetString(), out var session)
            ? session
            : null;

    private static string? SealedOf(MerchantEvent happened) =>
        happened.Data.ValueKind == JsonValueKind.Object
        && happened.Data.TryGetProperty(Sealed, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
