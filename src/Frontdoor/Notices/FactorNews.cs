namespace StellarPay.Frontdoor.Notices;

/// <summary>What somebody is told of his second factors by a notice. That one was set up is told with a code, or else by one.</summary>
internal enum FactorNews
{
    /// <summary>One was set up, and no code was sent with it: so many were of late that the last one undoes this too.</summary>
    Added,

    /// <summary>One was removed.</summary>
    Removed,

    /// <summary>Wrong codes have locked them for a while.</summary>
    Locked,

    /// <summary>A recovery code was used.</summary>
    RecoveryCodeUsed,

    /// <summary>There are other recovery codes.</summary>
    RecoveryCodesReplaced,
}
