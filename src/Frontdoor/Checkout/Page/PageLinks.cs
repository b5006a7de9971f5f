using StellarPay.Frontdoor.Checkout.Embed;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>What a session's page leads to, with the secret.</summary>
/// <param name="Id">The session.</param>
/// <param name="Key">The secret.</param>
/// <param name="Asset">In what the payer wants to pay, or null.</param>
/// <param name="Embed">The key by which it is in a frame, or null.</param>
internal sealed record PageLinks(string Id, string Key, string? Asset, string? Embed)
{
    /// <summary>By what a page's address says that the link to a refund was asked for.</summary>
    public const string RefundLinkParameter = "refund_link";

    /// <summary>What it says then.</summary>
    public const string Sent = "sent";

    public string Poll => $"/v1/checkout/{Id}?key={Key}";

    public string Stream => $"/v1/checkout/{Id}/events?key={Key}";

    public string Viewed => $"/checkout/{Id}/viewed";

    public string Page => $"/checkout/{Id}?key={Key}{(Embed is null ? "" : $"&{PageFrames.Parameter}={Embed}")}";

    public string Address => $"/checkout/{Id}/address";

    public string Refused => $"{Page}&address=refused";

    public string RefundLink => $"/checkout/{Id}/refund_link";

    public string RefundLinkSent => $"{Page}&{RefundLinkParameter}={Sent}";

    public string Qr(string asset) => $"/checkout/{Id}/qr.svg?key={Key}&asset={Uri.EscapeDataString(asset)}";

    public string With(string asset) => $"{Page}&asset={Uri.EscapeDataString(asset)}";

    public string In(string language) => (Asset is { } asset ? With(asset) : Page) + $"&lang={language}";
}
