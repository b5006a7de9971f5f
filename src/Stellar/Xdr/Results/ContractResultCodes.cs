namespace StellarPay.Stellar.Xdr;

/// <summary>What became of an invoke-host-function operation.</summary>
public enum InvokeHostFunctionResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The contract failed.</summary>
    Trapped = -2,

    /// <summary>It used more than it declared.</summary>
    ResourceLimitExceeded = -3,

    /// <summary>An entry of the footprint is archived.</summary>
    EntryArchived = -4,

    /// <summary>The refundable fee is too low.</summary>
    InsufficientRefundableFee = -5,
}

/// <summary>What became of an extend-footprint-ttl operation.</summary>
public enum ExtendFootprintTtlResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>It used more than it declared.</summary>
    ResourceLimitExceeded = -2,

    /// <summary>The refundable fee is too low.</summary>
    InsufficientRefundableFee = -3,
}

/// <summary>What became of a restore-footprint operation.</summary>
public enum RestoreFootprintResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>It used more than it declared.</summary>
    ResourceLimitExceeded = -2,

    /// <summary>The refundable fee is too low.</summary>
    InsufficientRefundableFee = -3,
}
