using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Invoices;
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

    /// <summary>
    /// A merchant's events as they are shown to him; those that carry nothing encrypted as they are. One of which nobody can read what was
    /// said is shown as if nothing had been.
    /// </summary>
    public async Task<IReadOnlyList<MerchantEvent>> OpenAsync(
        MerchantId merchant, IReadOnlyList<MerchantEvent> events, CancellationToken cancellationToken) =>
        [.. (await OpenEachAsync(merchant, events, cancellationToken)).Select(each => each.Event)];

    /// <summary>The same, with what was wrong with those of which nobody can read what was said; null for the others.</summary>
    public async Task<IReadOnlyList<(MerchantEvent Event, Exception? Problem)>> OpenEachAsync(
        MerchantId merchant, IReadOnlyList<MerchantEvent> events, CancellationToken cancellationToken)
    {
        if (events.All(happened => SealedOf(happened) is null && SessionOf(happened) is null && InvoiceOf(happened) is null))
        {
            return [.. events.Select(happened => (happened, (Exception?)null))];
        }

        try
        {
            var details = await seal.OpenAsync(merchant, [.. events.Select(SealedOf)], cancellationToken);
            return
            [
                .. events.Select((happened, at) =>
                    (With(happened, details[at]), (Exception?)null)),
            ];
        }
        catch (Exception unreadable) when (IsOfTheEvent(unreadable))
        {
            // One of them keeps the others from nobody: which it is, is found out one by one.
            return events.Count == 1
                ? [(With(events[0], SaleDetailsJson.Empty), unreadable)]
                : await EachAloneAsync(merchant, events, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(MerchantEvent Event, Exception? Problem)>> EachAloneAsync(
        MerchantId merchant, IReadOnlyList<MerchantEvent> events, CancellationToken cancellationToken)
    {
        var opened = new List<(MerchantEvent, Exception?)>(events.Count);
        foreach (var happened in events)
        {
            opened.AddRange(await OpenEachAsync(merchant, [happened], cancellationToken));
        }

        return opened;
    }

    // Of what it says; anything else is trouble of ours, which passes.
    private static bool IsOfTheEvent(Exception exception) =>
        exception is FormatException or JsonException or CryptographicException or InvalidOperationException;

    private MerchantEvent With(MerchantEvent happened, SaleDetailsJson details)
    {
        if (SealedOf(happened) is null && SessionOf(happened) is null && InvoiceOf(happened) is null)
        {
            return happened;
        }

        var data = JsonSerializer.SerializeToNode(happened.Data)!.AsObject();
        if (data["object"] is not JsonObject about)
        {
            return happened;
        }

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

        if (InvoiceOf(happened) is { } invoice)
        {
            about["hosted_invoice_url"] = about["status"]?.GetValue<string>() == "draft" ? null : links.UrlOf(invoice);
            about["customer_email"] = details.CustomerEmail;
            about["customer_name"] = details.CustomerName;
            about["description"] = details.Description;
            about["footer"] = details.Footer;
            about["lines"] = JsonSerializer.SerializeToNode(InvoiceLinesJson.Of(details), Snake);
        }

        return happened with { Data = JsonSerializer.SerializeToElement(data) };
    }

    private static InvoiceId? InvoiceOf(MerchantEvent happened) =>
        happened.Data.ValueKind == JsonValueKind.Object && happened.Data.TryGetProperty("object", out var about)
        && about.ValueKind == JsonValueKind.Object && about.TryGetProperty("object", out var kind)
        && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("invoice")
        && about.TryGetProperty("id", out var id) && InvoiceId.TryParse(id.GetString(), out var invoice)
            ? invoice
            : null;

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
