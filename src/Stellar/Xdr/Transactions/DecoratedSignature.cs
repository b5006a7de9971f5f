namespace StellarPay.Stellar.Xdr;

/// <summary>A signature and a hint whose it is. XDR's <c>DecoratedSignature</c>.</summary>
/// <param name="Hint">The last 4 bytes of the key, most significant first; for a signed payload xor-ed with the
/// payload's last 4 bytes (CAP-40).</param>
/// <param name="Signature">At most 64 bytes: an Ed25519 signature, or the preimage for a hash signer.</param>
public sealed record DecoratedSignature(uint Hint, Bytes Signature) : IXdr<DecoratedSignature>
{
    private const int MaxBytes = 64;

    /// <inheritdoc/>
    public static DecoratedSignature Read(ref XdrReader reader) =>
        new(reader.ReadUInt32(), Bytes.Create(reader.ReadVariable(MaxBytes)));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(Hint);
        writer.WriteVariable(Signature.AsSpan(), MaxBytes);
    }
}
