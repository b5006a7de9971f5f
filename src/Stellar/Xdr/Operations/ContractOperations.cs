namespace StellarPay.Stellar.Xdr;

/// <summary>Calls, creates or uploads a contract.</summary>
/// <param name="Function">What to do.</param>
/// <param name="Auth">Who authorises what.</param>
public sealed record InvokeHostFunctionOperation(
    HostFunction Function,
    ValueList<SorobanAuthorizationEntry> Auth) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.InvokeHostFunction;

    internal static InvokeHostFunctionOperation ReadBody(ref XdrReader reader) => new(
        HostFunction.Read(ref reader),
        reader.ReadList<SorobanAuthorizationEntry>());

    private protected override void WriteBody(XdrWriter writer)
    {
        Function.Write(writer);
        writer.WriteList(Auth);
    }
}

/// <summary>Lets the entries of the read-only footprint live longer.</summary>
/// <param name="ExtendTo">How many ledgers from now they live at least.</param>
public sealed record ExtendFootprintTtlOperation(uint ExtendTo) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ExtendFootprintTtl;

    internal static ExtendFootprintTtlOperation ReadBody(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return new ExtendFootprintTtlOperation(reader.ReadUInt32());
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteInt32(0);
        writer.WriteUInt32(ExtendTo);
    }
}

/// <summary>Restores the archived entries of the read-write footprint.</summary>
public sealed record RestoreFootprintOperation : OperationBody
{
    private RestoreFootprintOperation()
    {
    }

    /// <summary>The one value.</summary>
    public static RestoreFootprintOperation Instance { get; } = new();

    /// <inheritdoc/>
    public override OperationType Type => OperationType.RestoreFootprint;

    internal static RestoreFootprintOperation ReadBody(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return Instance;
    }

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt32(0);
}
