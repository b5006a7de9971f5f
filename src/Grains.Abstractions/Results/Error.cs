namespace StellarPay.Grains.Results;

/// <summary>What kind of failure an <see cref="Error"/> is; the front door maps each kind to one HTTP status.</summary>
[GenerateSerializer, Alias("sp.ErrorKind")]
public enum ErrorKind
{
    /// <summary>A field is missing or breaks its rule (400).</summary>
    InvalidRequest,

    /// <summary>The request is well-formed, but a rule of the business refuses it (422).</summary>
    Refused,

    /// <summary>There is no such thing, or it is not the caller's (404).</summary>
    NotFound,

    /// <summary>The thing is in a state that does not allow this (409).</summary>
    Conflict,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden,

    /// <summary>Too many requests, or too much waiting (429).</summary>
    RateLimited,

    /// <summary>Something that is needed does not answer now; nothing was changed (503).</summary>
    Unavailable,
}

/// <summary>An expected failure. Exceptions are for bugs and broken infrastructure only.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Code">A stable code in snake_case that programs match on, such as <c>daily_limit_exceeded</c>.</param>
/// <param name="Message">A sentence that a person understands.</param>
/// <param name="Param">The field of the request at fault, or null.</param>
/// <param name="RetryAfter">After how long it is worth asking again, where that is known.</param>
[GenerateSerializer, Immutable, Alias("sp.Error")]
public sealed record Error(
    [property: Id(0)] ErrorKind Kind,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message,
    [property: Id(3)] string? Param = null,
    [property: Id(4)] TimeSpan? RetryAfter = null);
