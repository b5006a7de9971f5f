namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>What a payer is told of why something is not sent back, by its code.</summary>
internal static class RefundClaimReasons
{
    /// <summary>The session knows of no such payment, or nothing of it is to be claimed.</summary>
    public const string NotFound = "payment_not_found";

    /// <summary>Its merchant has accepted it.</summary>
    public const string Accepted = "payment_accepted";

    /// <summary>It is its merchant's.</summary>
    public const string NotHeld = "payment_not_held";

    private const string Unavailable = "unavailable";

    /// <summary>The name of a text; null where nothing is to be said. What is not known here is not said in its own words.</summary>
    public static string? TextFor(string? code) => code is null or "" ? null : Find(code) ?? "refund_unavailable_text";

    /// <summary>The same of a refund that failed: what is not known says that it is held still.</summary>
    public static string TextForFailed(string? code) => Find(code) ?? "refund_failed_text";

    /// <summary>A code as addresses of pages have it.</summary>
    public static string? Written(string? code) => code is null or "" ? null : Find(code) is null ? Unavailable : code;

    /// <summary>A code that an address says, which anybody can make: null for what is none.</summary>
    public static string? Read(string? code) => Find(code) is null ? null : code;

    private static string? Find(string? code) => code switch
    {
        Unavailable or NotFound => "refund_unavailable_text",
        Accepted => "accepted_text",
        NotHeld => "refund_kept_text",
        "payment_being_decided" => "refund_deciding_text",
        "claim_too_small" or "refund_too_small" => "refund_little_text",
        "refund_address_required" => "refund_shared_text",
        "refund_account_unconfirmed" => "refund_unconfirmed_text",
        "refund_destination_unusable" or "op_no_destination" or "op_no_trust" or "op_not_authorized" or "op_line_full" => "refund_gone_text",
        "refund_payer_unknown" => "refund_unknown_text",
        "refund_address_waiting" => "refund_elsewhere_text",
        "merchant_suspended" or "destination_denied" or "closed_by_operator" => "refund_stopped_text",
        "claimed_refunds_exceeded" or "refunds_too_many" => "refund_many_text",
        _ => null,
    };
}
