using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>Where the pages are.</summary>
internal sealed class CheckoutLinks(
    CheckoutSecrets secrets, IOptions<CheckoutOptions> options, IHostEnvironment environment, IServiceProvider services)
{
    /// <summary>A session's page, with the secret that opens it; null where there are no pages.</summary>
    public string? UrlOf(PaymentSessionId session) =>
        Origin is { } origin ? $"{origin}/checkout/{session.Value}?key={secrets.PayKeyOf(session)}" : null;

    /// <summary>
    /// The page on which what is held for a session's payers is claimed, with the secret that opens it, which is another; null where there
    /// are no pages.
    /// </summary>
    public string? RefundUrlOf(PaymentSessionId session) =>
        Origin is { } origin ? $"{origin}/checkout/{session.Value}/refund?key={secrets.RefundKeyOf(session)}" : null;

    /// <summary>The same of what one account paid alone.</summary>
    public string? RefundUrlOf(PaymentSessionId session, string payer) => Origin is { } origin
        ? $"{origin}/checkout/{session.Value}/refund?payer={Uri.EscapeDataString(payer)}&key={secrets.RefundKeyOf(session, payer)}"
        : null;

    /// <summary>A payment link's page; null where there are no pages.</summary>
    public string? UrlOfLink(string slug) => Origin is { } origin ? $"{origin}/pay/{slug}" : null;

    /// <summary>An invoice's page, with the secret that opens it; null where there are no pages.</summary>
    public string? UrlOf(InvoiceId invoice) =>
        Origin is { } origin ? $"{origin}/invoice/{invoice.Value}?key={secrets.InvoiceKeyOf(invoice)}" : null;

    /// <summary>
    /// Whether a request is for the pages' origin: merchants' words are shown at no other. By the host alone, for a proxy may listen at
    /// another port.
    /// </summary>
    public bool IsOurs(HttpRequest request) => options.Value.Origin.Length == 0
        ? environment.IsDevelopment()
        : string.Equals(new Uri(options.Value.Origin).Host, request.Host.Host, StringComparison.OrdinalIgnoreCase);

    // Asked for when it listens.
    private string? Origin => options.Value.Origin.Length > 0 ? options.Value.Origin
        : environment.IsDevelopment() ? services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        : null;
}
