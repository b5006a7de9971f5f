using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform;

/// <summary>What is stored of a platform account.</summary>
internal interface IPlatformAccountState
{
    /// <summary>Its encrypted seed.</summary>
    EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of its address and does to its inbox; storage takes it out.</summary>
    InboxMarks? Inbox { get; set; }
}

/// <summary>What is stored of a platform account that sends transactions of its own.</summary>
internal interface IPlatformOwnerState : IPlatformAccountState, IAccountState
{
    /// <summary>The business time at which to see how the transaction under way fares; null without one.</summary>
    DateTimeOffset? DueAt { get; set; }
}
