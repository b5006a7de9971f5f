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
        if (events.All(happened => SealedOf(happened) is null && SessionOf(happened) is null))
        {
            return events;
        }

        var details = await seal.OpenAsync(merchant, [.. events.Select(SealedOf)], cancellationToken);
        return [.. events.Select((happened, at) => With(happened, details[at]))];
    }

    private MerchantEvent With(MerchantEvent happened, SaleDetailsJson details)
    {
        if (SealedOf(happened) is null && SessionOf(happened) is null)
        {
            return happened;
        }

        var data = JsonSerializer.SerializeToNode(happened.Data)!.AsObject();
        var about = data["object"]!.AsObject();
        if (data.Remove(Sealed))
        {
            about["metadata"] = JsonSerializer.SerializeToNode(details.Metadata ?? []);
        }

        if (SessionOf(happened) is { } id)
        {
            about[Url] = links.UrlOf(id);
            about["customer_email"] = details.CustomerEmail;
            about["description"] = details.Description;
            about["line_items"] = JsonSerializer.SerializeToNode(details.LineItems ?? [], Snake);
        }

        return happened with { Data = JsonSerializer.SerializeToElement(data) };
    }

    // What has a page is a session; refunds have none.
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
