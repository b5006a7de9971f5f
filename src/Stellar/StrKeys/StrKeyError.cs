namespace StellarPay.Stellar;

/// <summary>Why a text is not the StrKey that was asked for.</summary>
public enum StrKeyError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It is longer or shorter than a StrKey of its kind.</summary>
    Length,

    /// <summary>It has a character outside A–Z and 2–7; also '=' padding and lower case.</summary>
    Character,

    /// <summary>The unused bits of its last character are not zero.</summary>
    TrailingBits,

    /// <summary>Its version byte is none of <see cref="StrKeyKind"/>.</summary>
    Version,

    /// <summary>It is a StrKey, but of another kind than asked for.</summary>
    OtherKind,

    /// <summary>Its checksum does not match; a typing error, mostly.</summary>
    Checksum,

    /// <summary>Its payload breaks the rules of its kind (signed payload length or padding, balance type).</summary>
    Payload,
}
