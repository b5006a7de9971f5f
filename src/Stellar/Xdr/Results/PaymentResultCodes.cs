namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a create-account operation.</summary>
public enum CreateAccountResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -2,

    /// <summary>The new account would start below its reserve.</summary>
    LowReserve = -3,

    /// <summary>The account exists already.</summary>
    AlreadyExist = -4,
}

/// <summary>What became of a payment operation.</summary>
public enum PaymentResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -2,

    /// <summary>The source has no trustline.</summary>
    SrcNoTrust = -3,

    /// <summary>The source is not authorised.</summary>
    SrcNotAuthorized = -4,

    /// <summary>The destination does not exist.</summary>
    NoDestination = -5,

    /// <summary>The receiver has no trustline.</summary>
    NoTrust = -6,

    /// <summary>The receiver is not authorised.</summary>
    NotAuthorized = -7,

    /// <summary>The receiver would go above its limit.</summary>
    LineFull = -8,

    /// <summary>The issuer does not exist.</summary>
    NoIssuer = -9,
}

/// <summary>What became of a path-payment-strict-receive operation.</summary>
public enum PathPaymentStrictReceiveResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -2,

    /// <summary>The source has no trustline.</summary>
    SrcNoTrust = -3,

    /// <summary>The source is not authorised.</summary>
    SrcNotAuthorized = -4,

    /// <summary>The destination does not exist.</summary>
    NoDestination = -5,

    /// <summary>The receiver has no trustline.</summary>
    NoTrust = -6,

    /// <summary>The receiver is not authorised.</summary>
    NotAuthorized = -7,

    /// <summary>The receiver would go above its limit.</summary>
    LineFull = -8,

    /// <summary>The issuer does not exist.</summary>
    NoIssuer = -9,

    /// <summary>The order book cannot fill the path.</summary>
    TooFewOffers = -10,

    /// <summary>It would take one of the source's own offers.</summary>
    OfferCrossSelf = -11,

    /// <summary>It would cost more than allowed.</summary>
    OverSendmax = -12,
}

/// <summary>What became of a path-payment-strict-send operation.</summary>
public enum PathPaymentStrictSendResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -2,

    /// <summary>The source has no trustline.</summary>
    SrcNoTrust = -3,

    /// <summary>The source is not authorised.</summary>
    SrcNotAuthorized = -4,

    /// <summary>The destination does not exist.</summary>
    NoDestination = -5,

    /// <summary>The receiver has no trustline.</summary>
    NoTrust = -6,

    /// <summary>The receiver is not authorised.</summary>
    NotAuthorized = -7,

    /// <summary>The receiver would go above its limit.</summary>
    LineFull = -8,

    /// <summary>The issuer does not exist.</summary>
    NoIssuer = -9,

    /// <summary>The order book cannot fill the path.</summary>
    TooFewOffers = -10,

    /// <summary>It would take one of the source's own offers.</summary>
    OfferCrossSelf = -11,

    /// <summary>It would bring less than wanted.</summary>
    UnderDestmin = -12,
}

/// <summary>What became of an account-merge operation.</summary>
public enum AccountMergeResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The destination is the account itself.</summary>
    Malformed = -1,

    /// <summary>The destination does not exist.</summary>
    NoAccount = -2,

    /// <summary>The account's flags are immutable.</summary>
    ImmutableSet = -3,

    /// <summary>The account still has trustlines, offers, data or the like.</summary>
    HasSubEntries = -4,

    /// <summary>The sequence number is so high that the account could be created anew and replay.</summary>
    SeqnumTooFar = -5,

    /// <summary>The destination cannot hold that much.</summary>
    DestFull = -6,

    /// <summary>The account pays the reserves of others.</summary>
    IsSponsor = -7,
}
