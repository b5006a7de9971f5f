namespace StellarPay.Stellar.Xdr;

/// <summary>Creates an account and gives it lumens.</summary>
/// <param name="Destination">The account to create.</param>
/// <param name="StartingBalance">What it gets, in stroops of lumens.</param>
public sealed record CreateAccountOperation(AccountId Destination, long StartingBalance) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreateAccount;

    internal static CreateAccountOperation ReadBody(ref XdrReader reader) => new(
        AccountId.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Destination.Write(writer);
        writer.WriteInt64(StartingBalance);
    }
}

/// <summary>Pays an asset to an account.</summary>
/// <param name="Destination">Who gets it.</param>
/// <param name="Asset">What.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record PaymentOperation(MuxedAccount Destination, Asset Asset, long Amount) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.Payment;

    internal static PaymentOperation ReadBody(ref XdrReader reader) => new(
        MuxedAccount.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Destination.Write(writer);
        Asset.Write(writer);
        writer.WriteInt64(Amount);
    }
}

/// <summary>Pays an exact amount of one asset, and at most so much of another for it.</summary>
/// <param name="SendAsset">What the source pays with.</param>
/// <param name="SendMax">How much it pays at most, in stroops.</param>
/// <param name="Destination">Who gets it.</param>
/// <param name="DestAsset">What the destination gets.</param>
/// <param name="DestAmount">How much it gets, in stroops.</param>
/// <param name="Path">The assets in between, at most 5.</param>
public sealed record PathPaymentStrictReceiveOperation(
    Asset SendAsset,
    long SendMax,
    MuxedAccount Destination,
    Asset DestAsset,
    long DestAmount,
    ValueList<Asset> Path) : OperationBody
{
    private const int MaxPath = 5;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.PathPaymentStrictReceive;

    internal static PathPaymentStrictReceiveOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        reader.ReadInt64(),
        MuxedAccount.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadList<Asset>(MaxPath));

    private protected override void WriteBody(XdrWriter writer)
    {
        SendAsset.Write(writer);
        writer.WriteInt64(SendMax);
        Destination.Write(writer);
        DestAsset.Write(writer);
        writer.WriteInt64(DestAmount);
        writer.WriteList(Path, MaxPath);
    }
}

/// <summary>Pays an exact amount of one asset, for at least so much of another.</summary>
/// <param name="SendAsset">What the source pays with.</param>
/// <param name="SendAmount">How much it pays, in stroops.</param>
/// <param name="Destination">Who gets it.</param>
/// <param name="DestAsset">What the destination gets.</param>
/// <param name="DestMin">How much it gets at least, in stroops.</param>
/// <param name="Path">The assets in between, at most 5.</param>
public sealed record PathPaymentStrictSendOperation(
    Asset SendAsset,
    long SendAmount,
    MuxedAccount Destination,
    Asset DestAsset,
    long DestMin,
    ValueList<Asset> Path) : OperationBody
{
    private const int MaxPath = 5;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.PathPaymentStrictSend;

    internal static PathPaymentStrictSendOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        reader.ReadInt64(),
        MuxedAccount.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadList<Asset>(MaxPath));

    private protected override void WriteBody(XdrWriter writer)
    {
        SendAsset.Write(writer);
        writer.WriteInt64(SendAmount);
        Destination.Write(writer);
        DestAsset.Write(writer);
        writer.WriteInt64(DestMin);
        writer.WriteList(Path, MaxPath);
    }
}

/// <summary>Sends all lumens to another account and removes this one.</summary>
/// <param name="Destination">Who gets them.</param>
public sealed record AccountMergeOperation(MuxedAccount Destination) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.AccountMerge;

    internal static AccountMergeOperation ReadBody(ref XdrReader reader) => new(MuxedAccount.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer) => Destination.Write(writer);
}
