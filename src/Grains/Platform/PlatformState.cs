using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform;

/// <summary>A fee account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.FeeAccountState")]
internal sealed class FeeAccountState : IPlatformAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of the account's address; storage takes it out.</summary>
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }
}

/// <summary>A sponsor account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SponsorState")]
internal sealed class SponsorState : IPlatformAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of the account's address; storage takes it out.</summary>
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>The transaction that is out, while the ledger has not decided.</summary>
    [Id(2)] public SponsorBatch? Batch { get; set; }
}

/// <summary>A transaction that opens accounts, signed by all.</summary>
/// <param name="Envelope">The envelope in base64 XDR.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
/// <param name="Source">The sponsor's address.</param>
/// <param name="SequenceNumber">The sponsor's sequence number that it uses.</param>
/// <param name="Members">The accounts that it opens.</param>
[GenerateSerializer, Immutable, Alias("sp.SponsorBatch")]
internal sealed record SponsorBatch(
    [property: Id(0)] string Envelope,
    [property: Id(1)] string Hash,
    [property: Id(2)] DateTimeOffset MaxTime,
    [property: Id(3)] string Source,
    [property: Id(4)] long SequenceNumber,
    [property: Id(5)] string[] Members);
