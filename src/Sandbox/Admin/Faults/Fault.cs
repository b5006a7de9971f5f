namespace StellarPay.Sandbox.Admin.Faults;

/// <summary>A fault for the next so many requests that match; for a full ledger, for the next so many ledgers.</summary>
internal sealed record Fault(FaultKind Kind, int Remaining)
{
    public const int MaxCount = 1_000_000;

    public required long Id { get; init; }

    /// <summary>Only requests with this method; any if null.</summary>
    public string? Method { get; init; }

    /// <summary>Only requests whose path begins with this; any if null.</summary>
    public string? Path { get; init; }

    /// <summary>How late, for <see cref="FaultKind.Delay"/>.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Seconds, for <see cref="FaultKind.RateLimit"/>.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>How many ledgers behind, for <see cref="FaultKind.StaleReads"/>.</summary>
    public uint Ledgers { get; init; } = 2;

    public bool Matches(HttpRequest request) =>
        (Method is null || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || request.Path.Value?.StartsWith(Path, StringComparison.Ordinal) == true);
}
