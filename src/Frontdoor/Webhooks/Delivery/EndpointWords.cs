namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// What a merchant is told of an endpoint that was disabled, in English, or in German where his people read that. The endpoint is named by
/// its id: a host could be called so as to be read here.
/// </summary>
internal static class EndpointWords
{
    private const string German = "de";
    private const string Gone = "gone";

    /// <summary>Subject and text.</summary>
    /// <param name="language">The language tag of whoever registered the merchant; null where he named none.</param>
    /// <param name="endpoint">Its id.</param>
    /// <param name="reason">Why: <c>gone</c> or <c>failing</c>.</param>
    public static (string Subject, string Text) Disabled(string? language, string endpoint, string reason) =>
        language?.Split('-')[0].Equals(German, StringComparison.OrdinalIgnoreCase) is true
            ? (
                "Ein Webhook-Endpunkt bei StellarPay wurde abgeschaltet",
                $"Ihr Endpunkt {endpoint} bekommt keine Ereignisse mehr: "
                + (reason == Gone ? "er hat mit 410 geantwortet" : "er hat seit drei Tagen keines angenommen")
                + ". Was seither geschieht, wird ihm nicht nachgeliefert. Schalten Sie ihn wieder ein, wenn er bereit ist, und lassen Sie das "
                + "Ausgelassene erneut senden.\n")
            : (
                "A webhook endpoint at StellarPay was disabled",
                $"Your endpoint {endpoint} is sent no more events: "
                + (reason == Gone ? "it answered 410" : "it has taken none for three days")
                + ". What happens meanwhile does not wait for it. Enable it once it is ready, and have what it missed replayed.\n");
}
