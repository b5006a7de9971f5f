namespace StellarPay.Stellar.Xdr;

/// <summary>A price as a fraction. XDR's <c>Price</c>. Two fractions of the same value are different prices
/// here.</summary>
/// <param name="N">The numerator; the ledger wants it above 0.</param>
/// <param name="D">The denominator; the ledger wants it above 0.</param>
public readonly record struct Price(int N, int D) : IXdr<Price>
{
    /// <inheritdoc/>
    public static Price Read(ref XdrReader reader) => new(reader.ReadInt32(), reader.ReadInt32());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(N);
        writer.WriteInt32(D);
    }

    /// <summary>Numerator and denominator with a slash between.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{N}/{D}";
}
