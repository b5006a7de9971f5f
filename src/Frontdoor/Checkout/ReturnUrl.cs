using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>Where a payer goes on who has paid.</summary>
internal static class ReturnUrl
{
    private static readonly string[] Places = ["{CHECKOUT_SESSION_ID}", "{PAYMENT_SESSION_ID}"];

    /// <summary>An escaped URL with the places as the merchant wrote them.</summary>
    public static string KeepPlaces(string url) =>
        Places.Aggregate(url, (kept, place) => kept.Replace(Uri.EscapeDataString(place), place, StringComparison.Ordinal));

    /// <summary>The merchant's URL with the session's id in the places that he left for it; null where he gave none.</summary>
    public static string? Of(PaymentSessionAnswer session) => session.SuccessUrl is { } url
        ? Places.Aggregate(url, (filled, place) => filled.Replace(place, session.Id, StringComparison.Ordinal))
        : null;
}
