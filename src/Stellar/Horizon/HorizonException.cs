namespace StellarPay.Stellar.Horizon;

/// <summary>Horizon could not be read: it is out of reach, refused, or answered what cannot be understood.</summary>
/// <remarks>Submitting a transaction never throws this; it has <see cref="SubmitResult"/>.</remarks>
public sealed class HorizonException : Exception
{
    /// <summary>An exception without an answer of Horizon behind it.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="isTransient">Whether the same request may succeed later.</param>
    /// <param name="innerException">The cause.</param>
    public HorizonException(string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>An exception for an answer of Horizon.</summary>
    /// <param name="error">What Horizon said.</param>
    /// <param name="retryAfter">How long it asks to wait.</param>
    public HorizonException(HorizonError error, TimeSpan? retryAfter = null)
        : base(Describe(error))
    {
        Error = error;
        RetryAfter = retryAfter;
        IsTransient = error.Status is 408 or 425 or 429 or >= 500;
    }

    /// <summary>What Horizon said; null if it said nothing.</summary>
    public HorizonError? Error { get; }

    /// <summary>How long Horizon asks to wait before the next request; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later: out of reach, timeout, rate limit, 5xx.</summary>
    public bool IsTransient { get; }

    /// <summary>Whether the answer is longer than <see cref="HorizonClientOptions.MaxResponseBytes"/>; a shorter page may not be.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>
    /// Whether nothing was asked, because what Horizon still allows is kept for others (<see cref="HorizonClient.Yielding"/>).
    /// </summary>
    public bool IsWithheld { get; init; }

    private static string Describe(HorizonError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var title = error.Title.Length > 0 ? error.Title : "an error without a title";
        var field = error.InvalidField is null ? "" : $" (parameter {error.InvalidField})";
        return $"Horizon answered {error.Status}: {title}{field}.";
    }
}
