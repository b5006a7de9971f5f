namespace StellarPay.Frontdoor.Notices;

/// <summary>What somebody is told of his second factors.</summary>
internal enum FactorNews
{
    /// <summary>One was set up.</summary>
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
