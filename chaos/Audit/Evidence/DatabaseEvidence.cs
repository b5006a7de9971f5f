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
    IReadOnlyDictionary<string, long> BrokenChains)
{
    /// <summary>The deposits to accounts of the platform.</summary>
    public IReadOnlyList<SuspenseRow> Suspense { get; init; } = [];

    /// <summary>The addresses of the platform's accounts whose deposits are suspended.</summary>
    public IReadOnlyList<string> PlatformAddresses { get; init; } = [];

    /// <summary>The schedules as they are stored.</summary>
    public IReadOnlyList<StoredSchedule> Schedules { get; init; } = [];

    /// <summary>The database's time.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Rows of the ledger's inbox that nobody could take in.</summary>
    public IReadOnlyList<string> Parked { get; init; } = [];

    /// <summary>What there is of merchants, their webhooks and the books.</summary>
    public MerchantTables Merchants { get; init; } = new();
}

/// <summary>A row of <c>suspense</c>.</summary>
/// <param name="Id">The deposit.</param>
/// <param name="Token">The place of its operation on the ledger.</param>
/// <param name="Account">The platform's account that got it.</param>
/// <param name="Amount">What it is.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Hash">The transaction that handed it on, or null.</param>
/// <param name="Destination">Who was paid, or null.</param>
internal sealed record SuspenseRow(
    string Id, long Token, string Account, Money Amount, string? Sender, string Status, string? Hash, string? Destination);

/// <summary>A schedule in its book's stored state.</summary>
/// <param name="Id">The schedule.</param>
/// <param name="IsActive">Whether it goes on.</param>
/// <param name="NextAt">When its next occurrence is due, or null.</param>
/// <param name="Current">The number of the occurrence that is being paid, or null.</param>
/// <param name="StepAt">When that is looked at next, or null.</param>
internal sealed record StoredSchedule(string Id, bool IsActive, DateTimeOffset? NextAt, int? Current, DateTimeOffset? StepAt)
{
    /// <summary>The occurrence that is being paid as it is stored, for whoever reads a finding.</summary>
    public string? CurrentText { get; init; }
}

/// <summary>A row of <c>events</c>.</summary>
internal sealed record EventRow(
    string EventId, string Type, string Subject, string? Owner, DateTimeOffset OccurredAt, JsonElement Data)
{
    public string? Text(string name) =>
        Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long? Number(string name) =>
        Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    /// <summary>The balances of its wallet, as an event of the wallet or of a payment or credit shows them; null in most.</summary>
    public JsonElement? Balances() =>
        Data.TryGetProperty("balances", out var own) ? own
        : Data.TryGetProperty("wallet", out var wallet) && wallet.ValueKind == JsonValueKind.Object ? wallet.GetProperty("balances")
        : null;

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
