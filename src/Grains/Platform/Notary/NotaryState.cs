using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>The notary as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.NotaryState")]
internal sealed class NotaryState : IPlatformOwnerState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc cref="IPlatformAccountState.Inbox" />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <inheritdoc />
    [Id(1)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The transaction that writes <see cref="Writing"/>.</summary>
    [Id(2)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(3)] public long? SequenceNumber { get; set; }

    /// <summary>Always null: no inbox brings rows of the notary.</summary>
    [Id(4)] public List<string>? LearntEarly { get; set; }

    /// <inheritdoc />
    [Id(5)] public long? LearntThrough { get; set; }

    /// <summary>The business time from which the next head is to be written; null before the first.</summary>
    [Id(6)] public DateTimeOffset? NextAt { get; set; }

    /// <summary>The head that the transaction under way writes; null without one.</summary>
    [Id(7)] public AuditHead? Writing { get; set; }

    /// <summary>The head that the ledger has; null before the first.</summary>
    [Id(8)] public AuditHead? Anchored { get; set; }
}
