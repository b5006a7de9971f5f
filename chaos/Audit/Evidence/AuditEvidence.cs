using StellarPay.Chaos.Clients;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>All that the auditor looks at; it asks nobody.</summary>
/// <param name="Ledger">The network.</param>
/// <param name="Database">The database.</param>
/// <param name="Users">What users are shown.</param>
/// <param name="Observations">What users were told in the course of the run.</param>
/// <param name="Limits">The limits that were set.</param>
internal sealed record AuditEvidence(
    LedgerEvidence Ledger,
    DatabaseEvidence Database,
    IReadOnlyList<UserEvidence> Users,
    IReadOnlyCollection<Observation> Observations,
    LimitRule Limits)
{
    private IReadOnlyDictionary<string, PaymentStory>? _payments;

    /// <summary>Every payment, as the events tell it.</summary>
    public IReadOnlyDictionary<string, PaymentStory> Payments => _payments ??= PaymentStory.ReadAll(Database.Events);

    public bool IsWallet(string? address) => address is not null && Database.Addresses.ContainsKey(address);
}

/// <summary>What a wallet's payments may move, in stroops of any asset.</summary>
internal sealed record LimitRule(long MostAPayment, long MostADay);
