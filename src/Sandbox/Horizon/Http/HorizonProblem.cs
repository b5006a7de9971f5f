using System.Text.Json;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>An error as Horizon answers it: RFC 7807 with Stellar's type, title and extras.</summary>
internal sealed record HorizonProblem(int Status, string Type, string Title, string? Detail)
{
    private const string TypePrefix = "https://stellar.org/horizon-errors/";

    /// <summary>Writes the members of <c>extras</c>; absent where there are none.</summary>
    public Action<Utf8JsonWriter>? Extras { get; init; }

    /// <summary>Seconds, as the <c>Retry-After</c> header says them.</summary>
    public int? RetryAfter { get; init; }

    public static HorizonProblem NotFound { get; } = new(
        404, "not_found", "Resource Missing",
        "The resource at the url requested was not found.  This usually occurs for one of two reasons:  The url " +
        "requested is not valid, or no data in our database could be found with the parameters provided.");

    public static HorizonProblem NotAcceptable { get; } = new(
        406, "not_acceptable", "An acceptable response content-type could not be provided for this request", null);

    public static HorizonProblem UnsupportedMediaType { get; } = new(
        415, "unsupported_media_type", "Unsupported Media Type",
        "The request has an unsupported content type. Presently, the only supported content type is " +
        "application/x-www-form-urlencoded.");

    public static HorizonProblem ServerError { get; } = new(
        500, "server_error", "Internal Server Error",
        "An error occurred while processing this request.  This is usually due to a bug within the server software.  " +
        "Trying this request again may succeed if the bug is transient. Otherwise, please contact the system " +
        "administrator.");

    public static HorizonProblem InvalidAccountsParameters { get; } = new(
        400, "invalid_accounts_params", "Invalid Accounts Parameters",
        "Exactly one filter is required. Please ensure that you are including a signer, sponsor, asset, or liquidity " +
        "pool filter.");

    public static HorizonProblem InvalidOrderBook { get; } = new(
        400, "invalid_order_book", "Invalid Order Book Parameters",
        "The parameters that specify what order book to view are invalid in some way. Please ensure that your type " +
        "parameters (selling_asset_type and buying_asset_type) are one the following valid values: native, " +
        "credit_alphanum4, credit_alphanum12.  Also ensure that you have specified selling_asset_code and " +
        "selling_asset_issuer if selling_asset_type is not 'native', as well as buying_asset_code and " +
        "buying_asset_issuer if buying_asset_type is not 'native'");

    public static HorizonProblem BadRequest(string detail) => new(400, "bad_request", "Bad Request", detail);

    public static HorizonProblem InvalidField(string field, string reason) =>
        BadRequest("The request you sent was invalid in some way.") with
        {
            Extras = json =>
            {
                json.WriteString("invalid_field", field);
                json.WriteString("reason", reason);
            },
        };

    public static HorizonProblem RateLimited(int retryAfterSeconds) => new(
        429, "rate_limit_exceeded", "Rate Limit Exceeded",
        "The rate limit for the requesting IP address is over its alloted limit.  The allowed limit and requests left " +
        "per time period are communicated to clients via the http response headers 'X-RateLimit-*' headers.")
    {
        RetryAfter = retryAfterSeconds,
    };

    public static HorizonProblem Timeout { get; } = new(
        504, "timeout", "Timeout",
        "Your request timed out before completing.  Please try your request again. If you are submitting a transaction " +
        "make sure you are sending exactly the same transaction (with the same sequence number).");

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", TypePrefix + Type);
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        if (Detail is not null)
        {
            json.WriteString("detail", Detail);
        }

        if (Extras is not null)
        {
            json.WriteStartObject("extras");
            Extras(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
