namespace StellarPay.Stellar.Xdr;

/// <summary>Whether an operation has a result of its own, or why not.</summary>
public enum OperationResultCode
{
    /// <summary>The operation has a result of its own.</summary>
    Inner = 0,

    /// <summary>The signatures do not suffice.</summary>
    BadAuth = -1,

    /// <summary>The source account does not exist.</summary>
    NoAccount = -2,

    /// <summary>The network does not support it.</summary>
    NotSupported = -3,

    /// <summary>The account has all the subentries it can have.</summary>
    TooManySubentries = -4,

    /// <summary>It took too much work.</summary>
    ExceededWorkLimit = -5,

    /// <summary>The account sponsors all the entries it can.</summary>
    TooManySponsoring = -6,
}
