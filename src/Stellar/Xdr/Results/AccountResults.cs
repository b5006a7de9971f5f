namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a set-options operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record SetOptionsResult(SetOptionsResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.SetOptions;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static SetOptionsResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<SetOptionsResultCode>());
}

/// <summary>The result of a manage-data operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ManageDataResult(ManageDataResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageData;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ManageDataResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<ManageDataResultCode>());
}

/// <summary>The result of a bump-sequence operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record BumpSequenceResult(BumpSequenceResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.BumpSequence;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static BumpSequenceResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<BumpSequenceResultCode>());
}

/// <summary>The result of an inflation operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Payouts">Who got how much; there if and only if it succeeded.</param>
public sealed record InflationResult(InflationResultCode Code, ValueList<InflationPayout>? Payouts = null)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.Inflation;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static InflationResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<InflationResultCode>();
        return new InflationResult(code, code == InflationResultCode.Success
            ? reader.ReadList<InflationPayout>()
            : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == InflationResultCode.Success)
            writer.WriteList(Arm(Payouts));
    }
}

/// <summary>Who got how much of the inflation. XDR's <c>InflationPayout</c>.</summary>
/// <param name="Destination">Who.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record InflationPayout(AccountId Destination, long Amount) : IXdr<InflationPayout>
{
    /// <inheritdoc/>
    public static InflationPayout Read(ref XdrReader reader) => new(AccountId.Read(ref reader), reader.ReadInt64());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Destination.Write(writer);
        writer.WriteInt64(Amount);
    }
}
