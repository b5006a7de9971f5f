namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a set-options operation.</summary>
public enum SetOptionsResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -1,

    /// <summary>The account has all the signers it can have.</summary>
    TooManySigners = -2,

    /// <summary>The same flag is set and cleared, or the combination is not allowed.</summary>
    BadFlags = -3,

    /// <summary>The inflation destination does not exist.</summary>
    InvalidInflation = -4,

    /// <summary>The account's flags are immutable.</summary>
    CantChange = -5,

    /// <summary>There is no such flag.</summary>
    UnknownFlag = -6,

    /// <summary>A weight or threshold is above 255.</summary>
    ThresholdOutOfRange = -7,

    /// <summary>The signer is the account itself, or malformed.</summary>
    BadSigner = -8,

    /// <summary>The home domain is not printable ASCII.</summary>
    InvalidHomeDomain = -9,

    /// <summary>Clawback needs the revocable flag.</summary>
    AuthRevocableRequired = -10,
}

/// <summary>What became of a manage-data operation.</summary>
public enum ManageDataResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The protocol is too old.</summary>
    NotSupportedYet = -1,

    /// <summary>There is no such entry.</summary>
    NameNotFound = -2,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -3,

    /// <summary>The name is empty or not printable ASCII.</summary>
    InvalidName = -4,
}

/// <summary>What became of a bump-sequence operation.</summary>
public enum BumpSequenceResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The number is negative.</summary>
    BadSeq = -1,
}

/// <summary>What became of an inflation operation.</summary>
public enum InflationResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>It is not time yet.</summary>
    NotTime = -1,
}
