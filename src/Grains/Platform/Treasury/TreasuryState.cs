using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>The treasury as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.TreasuryState")]
internal sealed class TreasuryState : IPlatformOwnerState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc cref="IPlatformAccountState.Inbox" />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <inheritdoc />
    [Id(1)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The top-up that is signed and not decided; its subject is the account that gets it.</summary>
    [Id(2)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(3)] public long? SequenceNumber { get; set; }

    /// <summary>Who got something of late: each account once at most.</summary>
    [Id(4)] public List<TopUpMark> Recent { get; set; } = [];

    /// <summary>Always null: no inbox brings rows of the treasury.</summary>
    [Id(5)] public List<string>? LearntEarly { get; set; }

    /// <summary>What was sent on the last day on which anything was. Null before anything.</summary>
    [Id(6)] public TopUpsSent? Sent { get; set; }

    /// <inheritdoc />
    [Id(9)] public long? LearntThrough { get; set; }
}

/// <summary>That an account was topped up.</summary>
/// <param name="Account">The key of the account's grain.</param>
/// <param name="At">When it was signed, by business time.</param>
[GenerateSerializer, Immutable, Alias("sp.TopUpMark")]
internal sealed record TopUpMark([property: Id(0)] string Account, [property: Id(1)] DateTimeOffset At);

/// <summary>What was sent in a day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Stroops">How much XLM.</param>
[GenerateSerializer, Immutable, Alias("sp.TopUpsSent")]
internal sealed record TopUpsSent([property: Id(0)] DateOnly Day, [property: Id(1)] long Stroops);
