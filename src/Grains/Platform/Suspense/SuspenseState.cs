using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>The account that hands deposits on, as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SuspenseState")]
internal sealed class SuspenseState : IPlatformOwnerState, IInboxState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc />
    [Id(1)] public DateTimeOffset? DueAt { get; set; }

    /// <inheritdoc />
    [Id(2)] public LedgerPlace Drained { get; set; }

    /// <summary>The transaction that hands a deposit on; its subject is the deposit.</summary>
    [Id(3)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(4)] public long? SequenceNumber { get; set; }

    /// <inheritdoc />
    [Id(5)] public List<string>? LearntEarly { get; set; }

    /// <inheritdoc />
    [Id(9)] public long? LearntThrough { get; set; }

    /// <summary>What the transaction under way is to do; null without one.</summary>
    [Id(6)] public ReleaseRecord? Release { get; set; }

    /// <inheritdoc cref="IInboxState.Inbox" />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }
}

/// <summary>A deposit that is being handed on.</summary>
/// <param name="DepositId">The deposit, <c>sus_…</c>.</param>
/// <param name="Decision">What was decided of it.</param>
[GenerateSerializer, Immutable, Alias("sp.ReleaseRecord")]
internal sealed record ReleaseRecord([property: Id(0)] string DepositId, [property: Id(1)] SuspenseDecision Decision);
