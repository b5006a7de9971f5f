namespace StellarPay.Frontdoor.Notices;

/// <summary>What somebody is told of his second factors, but for that one was set up, which brings a code.</summary>
internal enum FactorNews
{
    /// <summary>One was removed.</summary>
    Removed,

    /// <summary>Wrong codes have locked them for a while.</summary>
    Locked,

    /// <summary>A recovery code was used.</summary>
    RecoveryCodeUsed,

    /// <summary>There are other recovery codes.</summary>
    RecoveryCodesReplaced,
}
