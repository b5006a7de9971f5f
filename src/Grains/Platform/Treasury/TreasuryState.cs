using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>The treasury as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.TreasuryState")]
internal sealed class TreasuryState : IPlatformAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>The business time at which to see how the transaction under way fares; null without one.</summary>
    [Id(1)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The transaction that is out, while the ledger has not decided.</summary>
    [Id(2)] public TopUp? TopUp { get; set; }

    /// <summary>The sequence number that the last transaction on a ledger used: a node that lags behind may tell an older one.</summary>
    [Id(3)] public long LastSequence { get; set; }

    /// <summary>Who got something of late: each account once at most.</summary>
    [Id(4)] public List<TopUpMark> Recent { get; set; } = [];
}

/// <summary>A signed transaction that tops an account up.</summary>
/// <param name="Account">The key of the account's grain.</param>
/// <param name="Address">Its address.</param>
/// <param name="Stroops">How much XLM it gets.</param>
/// <param name="Envelope">The envelope in base64 XDR.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="Source">The treasury's address.</param>
/// <param name="SequenceNumber">The treasury's sequence number that it uses.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
[GenerateSerializer, Immutable, Alias("sp.TopUp")]
internal sealed record TopUp(
    [property: Id(0)] string Account,
    [property: Id(1)] string Address,
    [property: Id(2)] long Stroops,
    [property: Id(3)] string Envelope,
    [property: Id(4)] string Hash,
    [property: Id(5)] string Source,
    [property: Id(6)] long SequenceNumber,
    [property: Id(7)] DateTimeOffset MaxTime);

/// <summary>That an account was topped up.</summary>
/// <param name="Account">The key of the account's grain.</param>
/// <param name="At">When it was signed, by business time.</param>
[GenerateSerializer, Immutable, Alias("sp.TopUpMark")]
internal sealed record TopUpMark([property: Id(0)] string Account, [property: Id(1)] DateTimeOffset At);
