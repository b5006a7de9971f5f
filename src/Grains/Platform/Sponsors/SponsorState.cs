using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>A sponsor account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SponsorState")]
internal sealed class SponsorState : IPlatformOwnerState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc cref="IPlatformAccountState.Inbox" />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <inheritdoc />
    [Id(1)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The transaction that opens accounts; the subjects of its operations are their addresses.</summary>
    [Id(2)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(3)] public long? SequenceNumber { get; set; }

    /// <summary>Always null: no inbox brings rows of a sponsor.</summary>
    [Id(4)] public List<string>? LearntEarly { get; set; }

    /// <summary>What is used of its share of the day's budget of reserves.</summary>
    [Id(5)] public OpeningLease Lease { get; set; } = new();

    /// <inheritdoc />
    [Id(9)] public long? LearntThrough { get; set; }
}
