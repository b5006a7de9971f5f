namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>What a payer is told of a refusal, by its code.</summary>
internal static class WalletPayReasons
{
    /// <summary>The login is over.</summary>
    public const string Over = "login_over";

    /// <summary>What was quoted is no more what would be paid.</summary>
    public const string QuoteOver = "payment_expired";

    /// <summary>The second factor is to be shown once more.</summary>
    public const string StepUp = "step_up_required";

    /// <summary>The payer has confirmed no contact.</summary>
    public const string Unconfirmed = "contact_unconfirmed";

    /// <summary>Nothing is left to pay.</summary>
    public const string SessionOver = "payment_session_over";

    /// <summary>It cannot be paid in this way.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>Something is under way that would pay it.</summary>
    public const string BeingPaid = "payment_session_being_paid";

    /// <summary>What was confirmed was not made.</summary>
    public const string NotMade = "not_made";

    /// <summary>The name of a text; null where nothing is to be said. What is not known here is not said in its own words.</summary>
    public static string? TextFor(string? code) => code is null or "" ? null : Find(code) ?? "wallet_unavailable_text";

    /// <summary>A code as addresses of pages have it.</summary>
    public static string? Written(string? code) => code is null or "" ? null : Find(code) is null ? Unavailable : code;

    /// <summary>A code that an address says, which anybody can make: null for what is none.</summary>
    public static string? Read(string? code) => Find(code) is null ? null : code;

    /// <summary>Whether it is said to whom nobody is logged in: nothing of a wallet is.</summary>
    public static bool IsOfLogins(string? code) => Find(code) == "wallet_over_text";

    private static string? Find(string? code) => code switch
    {
        Over or "challenge_invalid" or "session_ended" => "wallet_over_text",
        NotMade => "wallet_not_made_text",
        BeingPaid or "idempotency_key_in_use" => "wallet_being_paid_text",
        Unavailable => "wallet_unavailable_text",
        QuoteOver or "payment_cancelled" => "wallet_expired_text",
        StepUp => "wallet_step_up_text",
        "invalid_credentials" => "wallet_wrong_text",
        "parameter_missing" or "parameter_invalid" or "email_invalid" or "phone_invalid" or "password_length" => "wallet_missing_text",
        "code_malformed" or "second_factor_invalid" => "wallet_wrong_code_text",
        "account_locked" or "second_factor_locked" or "rate_limited" or "too_many_sessions" or "too_many_sign_ins" => "wallet_locked_text",
        "insufficient_funds" => "wallet_funds_text",
        "payment_limit_exceeded" or "daily_limit_exceeded" or "monthly_limit_exceeded" or "free_operations_used" => "wallet_limit_text",
        "wallet_frozen" or "payer_denied" or "asset_frozen" => "wallet_frozen_text",
        Unconfirmed or "wallet_not_active" or "wallet_not_found" => "wallet_not_ready_text",
        _ => null,
    };
}
