using System.Text.Json;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>What the database holds, at rest.</summary>
/// <param name="Events">Every event, in the order of the feed.</param>
/// <param name="Wallets">The stored state of every wallet.</param>
/// <param name="ReadTable">The read table as it was found.</param>
/// <param name="RebuiltReadTable">The read table after it was rebuilt from the events.</param>
/// <param name="Addresses">Whose wallet each address is.</param>
/// <param name="BrokenChains">The audit chains that do not verify, with the number of the first wrong row.</param>
internal sealed record DatabaseEvidence(
    IReadOnlyList<EventRow> Events,
    IReadOnlyDictionary<string, WalletRow> Wallets,
    IReadOnlyList<HistoryRow> ReadTable,
    IReadOnlyList<HistoryRow> RebuiltReadTable,
    IReadOnlyDictionary<string, string> Addresses,
    IReadOnlyDictionary<string, long> BrokenChains);

/// <summary>A row of <c>events</c>.</summary>
internal sealed record EventRow(
    string EventId, string Type, string Subject, string? Owner, DateTimeOffset OccurredAt, JsonElement Data)
{
    public string? Text(string name) =>
        Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long? Number(string name) =>
        Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    /// <summary>Whether a wallet's grain wrote it.</summary>
    public bool IsOfWallet => Type.StartsWith("wallet.", StringComparison.Ordinal) || IsOfPayment;

    public bool IsOfPayment => Type.StartsWith("payment.", StringComparison.Ordinal) && Text("paymentId") is not null;
}

/// <summary>A wallet's row of <c>grain_state</c>.</summary>
/// <param name="Version">How often it was written.</param>
/// <param name="Payload">The state as the grain wrote it, with its payments' rows as <c>payments</c>.</param>
internal sealed record WalletRow(int Version, JsonElement Payload);

/// <summary>A row of the read table <c>payments</c>.</summary>
internal sealed record HistoryRow(
    string WalletId,
    string PaymentId,
    string? Owner,
    string Direction,
    string Status,
    string? CounterpartyAddress,
    string Asset,
    long Stroops,
    string? Memo,
    string? TransactionHash,
    long? Ledger,
    string? FailureCode,
    long Revision);
