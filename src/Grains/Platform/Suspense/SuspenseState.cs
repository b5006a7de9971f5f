using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>The account that hands deposits on, as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SuspenseState")]
internal sealed class SuspenseState : IPlatformAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <summary>The business time at which to see how the transaction under way fares; null without one.</summary>
    [Id(1)] public DateTimeOffset? DueAt { get; set; }
}
