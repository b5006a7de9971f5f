using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>The account that hands deposits on, as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SuspenseState")]
internal sealed class SuspenseState : IPlatformAccountState, IInboxState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <inheritdoc />
    [Id(2)] public LedgerPlace Drained { get; set; }

    /// <inheritdoc cref="IInboxState.Inbox" />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>The business time at which to see how the transaction under way fares; null without one.</summary>
    [Id(1)] public DateTimeOffset? DueAt { get; set; }
}
