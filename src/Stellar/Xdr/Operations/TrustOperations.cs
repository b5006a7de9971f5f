namespace StellarPay.Stellar.Xdr;

/// <summary>Creates, changes or removes a trustline.</summary>
/// <param name="Line">What is trusted.</param>
/// <param name="Limit">How much at most, in stroops; 0 removes the trustline.</param>
public sealed record ChangeTrustOperation(ChangeTrustAsset Line, long Limit) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ChangeTrust;

    internal static ChangeTrustOperation ReadBody(ref XdrReader reader) => new(
        ChangeTrustAsset.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Line.Write(writer);
        writer.WriteInt64(Limit);
    }
}

/// <summary>Authorises another's trustline; older than set-trust-line-flags.</summary>
/// <param name="Trustor">Whose trustline.</param>
/// <param name="Code">The source's asset.</param>
/// <param name="Authorize">The <see cref="TrustLineFlags"/> that authorise: 0, 1 or 2.</param>
public sealed record AllowTrustOperation(AccountId Trustor, AssetCode Code, uint Authorize) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.AllowTrust;

    internal static AllowTrustOperation ReadBody(ref XdrReader reader) => new(
        AccountId.Read(ref reader),
        AssetCode.Read(ref reader),
        reader.ReadUInt32());

    private protected override void WriteBody(XdrWriter writer)
    {
        Trustor.Write(writer);
        Code.Write(writer);
        writer.WriteUInt32(Authorize);
    }
}

/// <summary>Sets and clears flags of another's trustline.</summary>
/// <param name="Trustor">Whose trustline.</param>
/// <param name="Asset">The source's asset.</param>
/// <param name="ClearFlags">The <see cref="TrustLineFlags"/> to clear.</param>
/// <param name="SetFlags">The <see cref="TrustLineFlags"/> to set.</param>
public sealed record SetTrustLineFlagsOperation(
    AccountId Trustor,
    Asset Asset,
    uint ClearFlags,
    uint SetFlags) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.SetTrustLineFlags;

    internal static SetTrustLineFlagsOperation ReadBody(ref XdrReader reader) => new(
        AccountId.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadUInt32(),
        reader.ReadUInt32());

    private protected override void WriteBody(XdrWriter writer)
    {
        Trustor.Write(writer);
        Asset.Write(writer);
        writer.WriteUInt32(ClearFlags);
        writer.WriteUInt32(SetFlags);
    }
}

/// <summary>Takes an asset back from its holder and destroys it.</summary>
/// <param name="Asset">The source's asset.</param>
/// <param name="From">Who loses it.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record ClawbackOperation(Asset Asset, MuxedAccount From, long Amount) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.Clawback;

    internal static ClawbackOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        MuxedAccount.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Asset.Write(writer);
        From.Write(writer);
        writer.WriteInt64(Amount);
    }
}
