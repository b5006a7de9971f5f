namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a transaction.</summary>
public enum TransactionResultCode
{
    /// <summary>The fee bump's inner transaction succeeded.</summary>
    FeeBumpInnerSuccess = 1,

    /// <summary>All operations succeeded.</summary>
    Success = 0,

    /// <summary>An operation failed; none was applied, the fee was taken.</summary>
    Failed = -1,

    /// <summary>The ledger closed before the minimum time or sequence.</summary>
    TooEarly = -2,

    /// <summary>The ledger closed after the maximum time or sequence.</summary>
    TooLate = -3,

    /// <summary>There is no operation.</summary>
    MissingOperation = -4,

    /// <summary>The sequence number does not follow the account's.</summary>
    BadSeq = -5,

    /// <summary>The signatures do not suffice, or are for another network.</summary>
    BadAuth = -6,

    /// <summary>The fee would bring the account below its reserve.</summary>
    InsufficientBalance = -7,

    /// <summary>The source account does not exist.</summary>
    NoAccount = -8,

    /// <summary>The fee is too low.</summary>
    InsufficientFee = -9,

    /// <summary>A signature is not needed.</summary>
    BadAuthExtra = -10,

    /// <summary>The network's own fault.</summary>
    InternalError = -11,

    /// <summary>The network does not support it.</summary>
    NotSupported = -12,

    /// <summary>The fee bump's inner transaction failed.</summary>
    FeeBumpInnerFailed = -13,

    /// <summary>A sponsorship was begun and not ended.</summary>
    BadSponsorship = -14,

    /// <summary>The account's sequence number is too young.</summary>
    BadMinSeqAgeOrGap = -15,

    /// <summary>The preconditions make no sense.</summary>
    Malformed = -16,

    /// <summary>The declared resources make no sense.</summary>
    SorobanInvalid = -17,

    /// <summary>It touches a frozen ledger entry.</summary>
    FrozenKeyAccessed = -18,
}
