using System.Text.Json;

namespace StellarPay.Sandbox.Replay;

/// <summary>
/// What a real stellar-core lived through: transactions in order, what became of each, and the final state.
/// </summary>
internal sealed record Story
{
    public required string Description { get; init; }

    public required string Passphrase { get; init; }

    public required uint Protocol { get; init; }

    public required uint BaseFee { get; init; }

    public required uint BaseReserve { get; init; }

    public required StoryGenesis Genesis { get; init; }

    public required IReadOnlyList<StoryStep> Steps { get; init; }

    public required StoryState Final { get; init; }

    public static Story Parse(Stream json) =>
        JsonSerializer.Deserialize<Story>(json, StoryJson.Options)
        ?? throw new JsonException("The story is null.");
}

internal sealed record StoryGenesis
{
    public required string Root { get; init; }

    public required long Balance { get; init; }

    public required uint LastClosedLedger { get; init; }

    public required ulong CloseTime { get; init; }
}

/// <summary>A submission. Ledger and close time are there if it was accepted, the result if it was judged.</summary>
internal sealed record StoryStep
{
    public required string What { get; init; }

    public required string Envelope { get; init; }

    public required string Hash { get; init; }

    public required string Status { get; init; }

    public uint? Ledger { get; init; }

    public ulong? CloseTime { get; init; }

    public string? Result { get; init; }

    public long? FeeCharged { get; init; }
}

/// <summary>The final state: a list of entries for each kind, compared as JSON.</summary>
internal sealed record StoryState
{
    public required IReadOnlyList<JsonElement> Accounts { get; init; }

    public required IReadOnlyList<JsonElement> Trustlines { get; init; }

    public required IReadOnlyList<JsonElement> Offers { get; init; }

    public required IReadOnlyList<JsonElement> ClaimableBalances { get; init; }

    public required IReadOnlyList<JsonElement> Data { get; init; }
}
