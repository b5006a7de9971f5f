using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>The suspense account in memory, as the parts see it of which its grain is composed.</summary>
internal interface ISuspenseContext : IAccountOwner
{
    /// <summary>The stored state; another object after it was read again.</summary>
    SuspenseState State { get; }

    /// <summary>What becomes of deposits that are handed on.</summary>
    ReleaseBook Releases { get; }

    /// <summary>Signs and submits.</summary>
    AccountEngine Engine { get; }

    /// <summary>The account's key, made where there is none. Never in a turn.</summary>
    Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken);
}
