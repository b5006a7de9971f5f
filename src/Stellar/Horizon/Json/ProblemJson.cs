using System.Text.Json.Serialization;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record ProblemJson
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public ProblemExtrasJson? Extras { get; init; }
}

internal sealed record ProblemExtrasJson
{
    public string? Hash { get; init; }

    public string? InvalidField { get; init; }

    public string? ResultXdr { get; init; }

    public ResultCodesJson? ResultCodes { get; init; }
}

internal sealed record ResultCodesJson
{
    public string? Transaction { get; init; }

    public string? InnerTransaction { get; init; }

    public List<string>? Operations { get; init; }
}

/// <summary>The answer of POST /transactions_async.</summary>
internal sealed record AsyncSubmissionJson
{
    public string? TxStatus { get; init; }

    public string? Hash { get; init; }

    public string? ErrorResultXdr { get; init; }

    // Horizon 2.29 and 2.30 wrote it so.
    [JsonPropertyName("errorResultXdr")]
    public string? ErrorResultXdrOld { get; init; }
}

/// <summary>
/// The parts of a submitted transaction's record that decide its outcome; all present since Horizon 1.0.
/// </summary>
internal sealed record SubmittedJson
{
    public string? Hash { get; init; }

    public uint? Ledger { get; init; }

    public bool? Successful { get; init; }

    public string? ResultXdr { get; init; }
}
