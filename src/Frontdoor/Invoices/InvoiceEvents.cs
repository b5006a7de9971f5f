using System.Text.Json;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// What is told of invoices: the invoice as the API shows it at that moment. What may be of people is in it encrypted, and opened where it
/// is shown to its merchant; the page's URL, which has a secret, is added there.
/// </summary>
internal sealed class InvoiceEvents(MerchantMode mode, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private static readonly JsonSerializerOptions Json = Wire();

    /// <summary>An event.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="invoice">The invoice as it is from now on.</param>
    /// <param name="before">What was another before; null where nothing is to be said of that.</param>
    public JsonElement Of(string type, Invoice invoice, object? before = null)
    {
        var now = business.GetUtcNow();
        var data = new Dictionary<string, object?>
        {
            ["object"] = InvoiceJson.Of(invoice, SaleDetailsJson.Empty, mode.IsLive, links: null, now),
            ["seq"] = invoice.Revision,
            ["livemode"] = mode.IsLive,
        };
        if (invoice.Details is { } details)
        {
            data["details"] = details;
        }

        if (before is not null)
        {
            data["previous_attributes"] = before;
        }

        return JsonSerializer.SerializeToElement(
            new { id = EventId.New(business).Value, type, at = now, subject = invoice.Id.Value, owner = invoice.Merchant.Value, data },
            Json);
    }

    private static JsonSerializerOptions Wire()
    {
        var options = new JsonSerializerOptions();
        WireJson.Configure(options);
        return options;
    }
}
