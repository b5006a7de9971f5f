namespace StellarPay.Stellar.Xdr;

/// <summary>The result of an invoke-host-function operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="ReturnHash">The SHA-256 of the return value and events; there if and only if it succeeded.</param>
public sealed record InvokeHostFunctionResult(InvokeHostFunctionResultCode Code, Hash? ReturnHash = null)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.InvokeHostFunction;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static InvokeHostFunctionResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<InvokeHostFunctionResultCode>();
        return new InvokeHostFunctionResult(code, code == InvokeHostFunctionResultCode.Success
            ? Hash.Read(ref reader)
            : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == InvokeHostFunctionResultCode.Success)
            Arm(ReturnHash).Write(writer);
    }
}

/// <summary>The result of an extend-footprint-ttl operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ExtendFootprintTtlResult(ExtendFootprintTtlResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ExtendFootprintTtl;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ExtendFootprintTtlResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<ExtendFootprintTtlResultCode>());
}

/// <summary>The result of a restore-footprint operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record RestoreFootprintResult(RestoreFootprintResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.RestoreFootprint;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static RestoreFootprintResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<RestoreFootprintResultCode>());
}
