namespace StellarPay.Frontdoor.Errors;

/// <summary>The families of failures. Clients switch on them; they never change.</summary>
internal static class ErrorTypes
{
    /// <summary>Something in the request is wrong, or a rule refuses it.</summary>
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>Who is asking is not proven.</summary>
    public const string Authentication = "authentication_error";

    /// <summary>Who is asking may not.</summary>
    public const string Permission = "permission_error";

    /// <summary>Too much was asked in too short a time.</summary>
    public const string RateLimit = "rate_limit_error";

    /// <summary>An idempotency key was used for something else.</summary>
    public const string Idempotency = "idempotency_error";

    /// <summary>Our fault; the same request, under the same key, may be sent again later.</summary>
    public const string Api = "api_error";
}
