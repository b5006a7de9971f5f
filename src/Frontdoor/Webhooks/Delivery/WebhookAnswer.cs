namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>How a try went.</summary>
internal enum TryOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Succeeded,

    /// <summary>It answered something else, or nothing.</summary>
    Failed,

    /// <summary>It answered 410: it is not to be called any more.</summary>
    Gone,
}

/// <summary>What came of calling a receiver.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="StartedAt">When it was called.</param>
/// <param name="RequestHeaders">What was sent before the body.</param>
/// <param name="Took">How long it took.</param>
internal sealed record WebhookAnswer(
    TryOutcome Outcome, DateTimeOffset StartedAt, IReadOnlyDictionary<string, string> RequestHeaders, TimeSpan Took)
{
    /// <summary>The answer's status; null where there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The answer's headers, the first few; null where there was none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The first 2 kB of the answer's body; null where there was none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Why it failed, where the status does not say it.</summary>
    public string? Problem { get; init; }

    /// <summary>When the receiver wants to be called again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>That nobody was called, because the event cannot be written.</summary>
    public static WebhookAnswer Unsendable(DateTimeOffset at, string problem) =>
        new(TryOutcome.Failed, at, new Dictionary<string, string>(), TimeSpan.Zero) { Problem = problem };

    /// <summary>As the database and the API call an outcome.</summary>
    public static string NameOf(TryOutcome outcome) => outcome switch
    {
        TryOutcome.Succeeded => "succeeded",
        TryOutcome.Gone => "gone",
        _ => "failed",
    };
}
