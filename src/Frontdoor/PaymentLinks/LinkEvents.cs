using System.Text.Json;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Grains;
using StellarPay.Grains.Events;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>
/// What is told of payment links, as an outbox of one event: the link as the API shows it at that moment, but for what the merchant writes
/// beside it, which may be of people, and an event cannot be changed any more.
/// </summary>
internal sealed class LinkEvents(
    CheckoutLinks links, MerchantMode mode, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private static readonly Dictionary<string, string> Unsaid = [];

    private static readonly JsonSerializerOptions Json = Wire();

    /// <summary>It was made.</summary>
    public string OfCreated(PaymentLink link) => Of(EventTypes.PaymentLinkCreated, link, before: null);

    /// <summary>It can be paid, or no more; before it was the other way.</summary>
    public string OfSwitched(PaymentLink link) => Of(EventTypes.PaymentLinkUpdated, link, new { active = !link.IsActive });

    private string Of(string type, PaymentLink link, object? before)
    {
        var now = business.GetUtcNow();
        var shown = PaymentLinkJson.Of(link with { Metadata = Unsaid }, mode.IsLive, links, now);
        var data = new Dictionary<string, object> { ["object"] = shown, ["seq"] = link.Revision, ["livemode"] = mode.IsLive };
        if (before is not null)
        {
            data["previous_attributes"] = before;
        }

        return JsonSerializer.Serialize(
            new[]
            {
                new
                {
                    id = EventId.New(business).Value, type, at = now, subject = link.Id.Value, owner = link.Merchant.Value, data,
                },
            },
            Json);
    }

    private static JsonSerializerOptions Wire()
    {
        var options = new JsonSerializerOptions();
        WireJson.Configure(options);
        return options;
    }
}
