using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.Errors;

/// <summary>The one shape in which every failure is told.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorBody(ErrorDetail Error);

/// <summary>What went wrong.</summary>
/// <param name="Type">The family of the failure, one of <see cref="ErrorTypes"/>.</param>
/// <param name="Code">A stable code in snake_case that programs match on.</param>
/// <param name="Message">A sentence that a person understands.</param>
/// <param name="Param">The field of the request at fault, or null.</param>
/// <param name="RequestId">The request's id, as in the header X-Request-Id.</param>
/// <param name="PaymentId">With outcome_unknown, the payment that it is about, where that has an id already; else not there.</param>
/// <param name="Methods">With step_up_required, what can be shown at /v1/auth/step-up: <c>totp</c>, <c>recovery_code</c>; else not there.</param>
internal sealed record ErrorDetail(
    string Type,
    string Code,
    string Message,
    string? Param,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PaymentId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string[]? Methods = null);
