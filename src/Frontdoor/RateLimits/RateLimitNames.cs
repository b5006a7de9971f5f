namespace StellarPay.Frontdoor.RateLimits;

/// <summary>The names of the rate limits that endpoints ask for.</summary>
internal static class RateLimitNames
{
    /// <summary>Sign-up, login, refresh, logout: by the caller's IP address.</summary>
    public const string Auth = "auth";

    /// <summary>Everything behind a token: by user.</summary>
    public const string Api = "api";

    /// <summary>
    /// Seeing one's sessions and ending them: by user, and where he has no more, a little by session. Whoever has found one could else ask
    /// so much that its owner cannot end it.
    /// </summary>
    public const string Sessions = "sessions";

    /// <summary>Looking up recipients: by user, so that nobody reads the directory.</summary>
    public const string Lookup = "lookup";

    /// <summary>What payers' pages ask: by the caller's IP address, and much less without a page's secret.</summary>
    public const string Checkout = "checkout";

    /// <summary>Making sessions of payment links: by the caller's IP address.</summary>
    public const string PaymentLink = "payment_link";

    /// <summary>What a merchant's keys and people ask: by key and by merchant; of people by user.</summary>
    public const string Merchant = "merchant";
}
