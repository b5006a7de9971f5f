namespace StellarPay.Stellar.Horizon;

/// <summary>Where Horizon is, and the limits within which <see cref="HorizonClient"/> uses it.</summary>
public sealed record HorizonClientOptions
{
    /// <summary>
    /// Base URLs of Horizon instances of one network, the preferred one first. A request goes to the first that has
    /// not failed lately.
    /// </summary>
    public required IReadOnlyList<Uri> BaseUrls { get; init; }

    /// <summary>How long one attempt to read may take, from request to last byte. 30 seconds unless set.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a submission may take. Horizon holds it until a ledger decides, or answers 504 by itself after a
    /// minute at most; so 75 seconds unless set.
    /// </summary>
    public TimeSpan SubmitTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How often a failed read is tried again; 3 unless set, 0 to 10. Submissions never are.</summary>
    public int ReadRetries { get; init; } = 3;

    /// <summary>
    /// The pause before the first repeat of a read; it doubles each time, with jitter. 250 ms unless set.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest that a read waits because Horizon said so (Retry-After, X-RateLimit-Reset); when told to wait
    /// longer, the read fails and says so. 30 seconds unless set.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a base URL that failed is passed over while another is left. 30 seconds unless set.</summary>
    public TimeSpan FailoverCooldown { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest answer that is read, in bytes. 8 MiB unless set.</summary>
    public int MaxResponseBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The largest event of a stream, in bytes. 1 MiB unless set.</summary>
    public int MaxStreamEventBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// After how long without a byte a stream is given up and opened again. Horizon itself ends a stream
    /// after less than a minute; so 90 seconds unless set.
    /// </summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The longest pause between attempts to reopen a stream. 30 seconds unless set.</summary>
    public TimeSpan MaxStreamBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Throws for a setting that cannot work, naming it.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public void Validate()
    {
        Require(BaseUrls is { Count: > 0 and <= 16 }, $"{nameof(BaseUrls)} needs 1 to 16 URLs.");
        Require(
            BaseUrls.All(url => url is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" }),
            $"{nameof(BaseUrls)} must be absolute http or https URLs without query or fragment.");
        Require(ReadRetries is >= 0 and <= 10, $"{nameof(ReadRetries)} must be 0 to 10.");
        Require(MaxResponseBytes >= 1024, $"{nameof(MaxResponseBytes)} must be at least 1024.");
        Require(MaxStreamEventBytes >= 1024, $"{nameof(MaxStreamEventBytes)} must be at least 1024.");
        RequirePositive(ReadTimeout, nameof(ReadTimeout));
        RequirePositive(SubmitTimeout, nameof(SubmitTimeout));
        RequirePositive(RetryDelay, nameof(RetryDelay));
        RequirePositive(MaxRetryAfter, nameof(MaxRetryAfter));
        RequirePositive(FailoverCooldown, nameof(FailoverCooldown));
        RequirePositive(StreamSilence, nameof(StreamSilence));
        RequirePositive(MaxStreamBackoff, nameof(MaxStreamBackoff));
    }

    private static void RequirePositive(TimeSpan value, string name) =>
        Require(
            value > TimeSpan.Zero && value <= TimeSpan.FromHours(1), $"{name} must be above zero and at most an hour.");

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new ArgumentException(sentence);
        }
    }
}
