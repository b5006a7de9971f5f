namespace StellarPay.Stellar.Xdr;

/// <summary>What consensus agreed on for a ledger. XDR's <c>StellarValue</c>.</summary>
/// <param name="TxSetHash">The hash of the transactions to apply.</param>
/// <param name="CloseTime">The close time in Unix seconds.</param>
/// <param name="Upgrades">Upgrades of the network, each in its own XDR; at most 6.</param>
/// <param name="Signature">Who proposed it, signed; null for values without.</param>
public sealed record StellarValue(
    Hash TxSetHash,
    ulong CloseTime,
    ValueList<LedgerUpgrade> Upgrades,
    LedgerCloseValueSignature? Signature = null) : IXdr<StellarValue>
{
    private const int MaxUpgrades = 6;

    /// <inheritdoc/>
    // The extension union (0 basic, 1 signed) has the same bytes as an optional value.
    public static StellarValue Read(ref XdrReader reader) => new(
        Hash.Read(ref reader),
        reader.ReadUInt64(),
        reader.ReadList<LedgerUpgrade>(MaxUpgrades),
        reader.ReadOptional<LedgerCloseValueSignature>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TxSetHash.Write(writer);
        writer.WriteUInt64(CloseTime);
        writer.WriteList(Upgrades, MaxUpgrades);
        writer.WriteOptional(Signature);
    }
}

/// <summary>An upgrade of the network, kept as the XDR that the header holds. XDR's <c>UpgradeType</c>.</summary>
/// <param name="Xdr">At most 128 bytes.</param>
public readonly record struct LedgerUpgrade(Bytes Xdr) : IXdr<LedgerUpgrade>
{
    private const int MaxBytes = 128;

    /// <inheritdoc/>
    public static LedgerUpgrade Read(ref XdrReader reader) => new(Bytes.Create(reader.ReadVariable(MaxBytes)));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteVariable(Xdr.AsSpan(), MaxBytes);
    }
}

/// <summary>A node's signature of a proposed value. XDR's <c>LedgerCloseValueSignature</c>.</summary>
/// <param name="NodeId">The node's key.</param>
/// <param name="Signature">The signature, at most 64 bytes.</param>
public sealed record LedgerCloseValueSignature(AccountId NodeId, Bytes Signature) : IXdr<LedgerCloseValueSignature>
{
    private const int MaxBytes = 64;

    /// <inheritdoc/>
    public static LedgerCloseValueSignature Read(ref XdrReader reader) =>
        new(AccountId.Read(ref reader), Bytes.Create(reader.ReadVariable(MaxBytes)));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        NodeId.Write(writer);
        writer.WriteVariable(Signature.AsSpan(), MaxBytes);
    }
}
