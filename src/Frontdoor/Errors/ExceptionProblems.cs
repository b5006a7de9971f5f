using System.Text.RegularExpressions;
using System.Text.Json;
using StellarPay.Adapters.Failures;

namespace StellarPay.Frontdoor.Errors;

/// <summary>What the caller is told about an exception: his own mistakes exactly, ours without any detail.</summary>
internal static partial class ExceptionProblems
{
    public static Problem Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => OfBadRequest(bad),
        OutcomeUnknownException unknown => Problem.OutcomeUnknown(unknown.Payment),
        _ when IsPassing(exception) => Problem.Unavailable(
            "temporarily_unavailable", "A part of the system does not answer now. Try again in a moment."),
        _ => new Problem(
            StatusCodes.Status500InternalServerError, ErrorTypes.Api, "internal_error", "Something went wrong on our side."),
    };

    /// <summary>Whether the same request may succeed in a moment: a lost silo, a lost race, a database or vault that is away.</summary>
    public static bool IsPassing(Exception exception) =>
        exception is not BadHttpRequestException && AdapterFailures.Passes(exception);

    private static Problem OfBadRequest(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new Problem(
            bad.StatusCode, ErrorTypes.InvalidRequest, "body_too_large", "The request's body is too large."),
        StatusCodes.Status415UnsupportedMediaType => StatusProblems.UnsupportedMediaType,
        StatusCodes.Status408RequestTimeout => new Problem(
            bad.StatusCode, ErrorTypes.InvalidRequest, "request_timeout", "The request's body did not arrive in time."),
        _ when bad.InnerException is JsonException json => OfJson(json),
        _ when Parameter().Match(bad.Message) is { Success: true } match => Problem.Invalid(
            "parameter_invalid", $"'{match.Groups[1].Value}' is not of the expected type.", match.Groups[1].Value),
        _ => Problem.Invalid("invalid_request", "The request is malformed or has no body where one is needed."),
    };

    private static Problem OfJson(JsonException json)
    {
        if (Unmapped().IsMatch(json.Message))
        {
            return ParamOf(json.Path) is { } unknown
                ? Problem.Invalid("parameter_unknown", $"There is no '{unknown}' here.", unknown)
                : Problem.Invalid("parameter_unknown", "The request's body has a field that there is none of here.");
        }

        // The reader's own errors are about the text, all others about a value of the wrong type.
        var param = json.InnerException is JsonException ? null : ParamOf(json.Path);
        return param is null
            ? Problem.Invalid("invalid_json", "The request's body is not valid JSON of the expected form.")
            : Problem.Invalid("parameter_invalid", $"'{param}' is not of the expected type.", param);
    }

    private static string? ParamOf(string? path) =>
        path is not null && PlainPath().Match(path) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("""^Failed to bind parameter "\S+ (\w{1,40})" from """)]
    private static partial Regex Parameter();

    [GeneratedRegex("^The JSON property '.*' could not be mapped to any \\.NET member", RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    // Only names such as ours are: what else the caller made up is not repeated.
    [GeneratedRegex(@"^\$\.([a-z_]{1,40}(\.[a-z_]{1,40}){0,3})$")]
    private static partial Regex PlainPath();
}
