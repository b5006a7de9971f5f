namespace StellarPay.Frontdoor.Notices;

/// <summary>What an owner is told of a business of his; which one is not said, for what it is called somebody has chosen.</summary>
internal enum MerchantNews
{
    /// <summary>An API key was made.</summary>
    KeyCreated,

    /// <summary>An API key was exchanged for another.</summary>
    KeyRotated,

    /// <summary>From where an API key may be used was changed.</summary>
    KeyChanged,

    /// <summary>An API key was taken away.</summary>
    KeyRevoked,

    /// <summary>An API key has not been exchanged for long.</summary>
    KeyDue,

    /// <summary>What moves money must be signed from now on.</summary>
    SigningRequired,

    /// <summary>What moves money need not be signed any more.</summary>
    SigningOptional,

    /// <summary>Who is of it, or as what, was changed.</summary>
    PeopleChanged,

    /// <summary>Where what is given back of a payment goes was decided. Finance is told, too.</summary>
    RefundAddressSet,

    /// <summary>Who decided that might no more when its time came. Finance is told, too.</summary>
    RefundAddressLapsed,

    /// <summary>That was taken back. Finance is told, too.</summary>
    RefundAddressWithdrawn,
}
