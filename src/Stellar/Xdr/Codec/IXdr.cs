namespace StellarPay.Stellar.Xdr;

/// <summary>A value with a place in Stellar's XDR (RFC 4506, stellar/stellar-xdr). <see cref="XdrCodec"/> gives each
/// such type its <c>ToXdr</c>, <c>ToXdrBase64</c>, <c>FromXdr</c> and <c>FromXdrBase64</c>.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IXdr<TSelf>
    where TSelf : IXdr<TSelf>
{
    /// <summary>Appends the value's XDR.</summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="XdrException">A list or string is longer than its type allows.</exception>
    void Write(XdrWriter writer);

    /// <summary>Reads one value and moves the reader behind it.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The value.</returns>
    /// <exception cref="XdrException">The bytes are not such a value.</exception>
    static abstract TSelf Read(ref XdrReader reader);
}
