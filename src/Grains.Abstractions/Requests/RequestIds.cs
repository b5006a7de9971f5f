namespace StellarPay.Grains.Requests;

/// <summary>How a request's id travels with the grain calls that the request causes.</summary>
public static class RequestIds
{
    /// <summary>The key in Orleans' request context; the value is the id as a string.</summary>
    public const string ContextKey = "request_id";
}
