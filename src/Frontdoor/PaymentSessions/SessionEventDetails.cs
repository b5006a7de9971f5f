using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// Opens what a merchant said of a sale where events of its session are shown to him: events carry it encrypted, so that erasing the
/// merchant's key ends it everywhere. What an event says is then what a question for the session answers.
/// </summary>
internal sealed class SessionEventDetails(SaleDetailsSeal seal)
{
    private const string Sealed = "details";
    private const string Refund = "refund";
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A merchant's events as they are shown to him; those that carry nothing encrypted as they are.</summary>
    public async Task<IReadOnlyList<MerchantEvent>> OpenAsync(
        MerchantId merchant, IReadOnlyList<MerchantEvent> events, CancellationToken cancellationToken)
    {
        if (events.All(happened => SealedOf(happened) is null))
        {
            return events;
        }

        var details = await seal.OpenAsync(merchant, [.. events.Select(SealedOf)], cancellationToken);
        return [.. events.Select((happened, at) => SealedOf(happened) is null ? happened : With(happened, details[at]))];
    }

    private static MerchantEvent With(MerchantEvent happened, SaleDetailsJson details)
    {
        var data = JsonSerializer.SerializeToNode(happened.Data)!.AsObject();
        data.Remove(Sealed);
        var session = data["object"]!.AsObject();
        session["metadata"] = JsonSerializer.SerializeToNode(details.Metadata ?? []);
        if (session["object"]!.GetValue<string>() == Refund)
        {
            return happened with { Data = JsonSerializer.SerializeToElement(data) };
        }

        session["customer_email"] = details.CustomerEmail;
        session["description"] = details.Description;
        session["line_items"] = JsonSerializer.SerializeToNode(details.LineItems ?? [], Snake);
        return happened with { Data = JsonSerializer.SerializeToElement(data) };
    }

    private static string? SealedOf(MerchantEvent happened) =>
        happened.Data.ValueKind == JsonValueKind.Object
        && happened.Data.TryGetProperty(Sealed, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
