using StellarPay.Chaos.Clients;
using StellarPay.Chaos.Clients.Hub;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>All that the auditor looks at; it asks nobody.</summary>
/// <param name="Ledger">The network.</param>
/// <param name="Database">The database.</param>
/// <param name="Users">What users are shown.</param>
/// <param name="Observations">What users were told in the course of the run.</param>
/// <param name="Limits">The limits that were set.</param>
/// <param name="Validity">How long after its signature a payment may be applied.</param>
internal sealed record AuditEvidence(
    LedgerEvidence Ledger,
    DatabaseEvidence Database,
    IReadOnlyList<UserEvidence> Users,
    IReadOnlyCollection<Observation> Observations,
    LimitRule Limits,
    TimeSpan Validity)
{
    private IReadOnlyDictionary<string, PaymentStory>? _payments;
    private IReadOnlyList<OccurrenceStory>? _occurrences;
    private IReadOnlyDictionary<string, SessionStory>? _sessions;

    /// <summary>What the hub shows at the end, by the user's number.</summary>
    public IReadOnlyDictionary<int, HubPicture> Hub { get; init; } = new Dictionary<int, HubPicture>();

    /// <summary>What merchants are shown, and what their servers were sent.</summary>
    public IReadOnlyList<MerchantEvidence> Merchants { get; init; } = [];

    /// <summary>Every occurrence of a schedule, as the events tell it.</summary>
    public IReadOnlyList<OccurrenceStory> Occurrences => _occurrences ??= OccurrenceStory.ReadAll(Database.Events);

    /// <summary>Every payment session, as the events tell it.</summary>
    public IReadOnlyDictionary<string, SessionStory> Sessions => _sessions ??= SessionStory.ReadAll(Database.Events);

    /// <summary>Every payment, as the events tell it.</summary>
    public IReadOnlyDictionary<string, PaymentStory> Payments => _payments ??= PaymentStory.ReadAll(Database.Events);

    public bool IsWallet(string? address) => address is not null && Database.Addresses.ContainsKey(address);
}

/// <summary>What a wallet's payments may move, in units of the reference currency.</summary>
/// <param name="Payment">The most of one payment.</param>
/// <param name="Daily">The most in any 24 hours.</param>
/// <param name="Monthly">The most in any 30 days.</param>
/// <param name="Prices">The price of a unit of each asset, by its code.</param>
internal sealed record LimitRule(decimal Payment, decimal Daily, decimal Monthly, IReadOnlyDictionary<string, decimal> Prices)
{
    private const decimal StroopsAUnit = 10_000_000m;

    public decimal WorthOf(Money amount) =>
        amount.Stroops / StroopsAUnit * Prices[amount.Asset == Money.Native ? "XLM" : amount.Asset.Split(':')[0]];
}
