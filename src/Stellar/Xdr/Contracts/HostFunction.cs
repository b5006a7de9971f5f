namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of host functions.</summary>
public enum HostFunctionType
{
    /// <summary>Calls a contract.</summary>
    InvokeContract = 0,

    /// <summary>Creates a contract.</summary>
    CreateContract = 1,

    /// <summary>Uploads WebAssembly.</summary>
    UploadContractWasm = 2,

    /// <summary>Creates a contract with arguments for its constructor (CAP-58).</summary>
    CreateContractV2 = 3,
}

/// <summary>What an invoke-host-function operation does. XDR's <c>HostFunction</c>.</summary>
public abstract record HostFunction : IXdr<HostFunction>
{
    private protected HostFunction()
    {
    }

    /// <summary>The kind.</summary>
    public abstract HostFunctionType Type { get; }

    /// <inheritdoc/>
    public static HostFunction Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<HostFunctionType>();
        return type switch
        {
            HostFunctionType.InvokeContract => new InvokeContractFunction(InvokeContractArgs.Read(ref reader)),
            HostFunctionType.CreateContract => new CreateContractFunction(CreateContractArgs.Read(ref reader, false)),
            HostFunctionType.UploadContractWasm => new UploadWasmFunction(Bytes.Create(reader.ReadVariable())),
            HostFunctionType.CreateContractV2 => new CreateContractFunction(CreateContractArgs.Read(ref reader, true)),
            _ => throw XdrException.Discriminant("host function type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>Calls a contract.</summary>
/// <param name="Call">Which function with what.</param>
public sealed record InvokeContractFunction(InvokeContractArgs Call) : HostFunction
{
    /// <inheritdoc/>
    public override HostFunctionType Type => HostFunctionType.InvokeContract;

    private protected override void WriteBody(XdrWriter writer) => Call.Write(writer);
}

/// <summary>Creates a contract.</summary>
/// <param name="Contract">Which.</param>
public sealed record CreateContractFunction(CreateContractArgs Contract) : HostFunction
{
    /// <inheritdoc/>
    public override HostFunctionType Type =>
        Contract.ConstructorArgs.HasValue ? HostFunctionType.CreateContractV2 : HostFunctionType.CreateContract;

    private protected override void WriteBody(XdrWriter writer) => Contract.Write(writer);
}

/// <summary>Uploads WebAssembly.</summary>
/// <param name="Wasm">The module.</param>
public sealed record UploadWasmFunction(Bytes Wasm) : HostFunction
{
    /// <inheritdoc/>
    public override HostFunctionType Type => HostFunctionType.UploadContractWasm;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteVariable(Wasm.AsSpan());
}

/// <summary>A call of a contract's function. XDR's <c>InvokeContractArgs</c>.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Function">The function's name, at most 32 bytes.</param>
/// <param name="Args">The arguments.</param>
public sealed record InvokeContractArgs(ScAddress Contract, XdrString Function, ValueList<ScVal> Args)
    : IXdr<InvokeContractArgs>
{
    /// <inheritdoc/>
    public static InvokeContractArgs Read(ref XdrReader reader) => new(
        ScAddress.Read(ref reader),
        XdrString.Read(ref reader, ScSymbol.MaxBytes),
        reader.ReadList<ScVal>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Contract.Write(writer);
        Function.Write(writer, ScSymbol.MaxBytes);
        writer.WriteList(Args);
    }
}

/// <summary>The creation of a contract. XDR's <c>CreateContractArgs</c> and <c>CreateContractArgsV2</c>.</summary>
/// <param name="IdPreimage">What its id is the hash of.</param>
/// <param name="Executable">What it runs.</param>
/// <param name="ConstructorArgs">Arguments for its constructor; null for the older shape, which has none.</param>
public sealed record CreateContractArgs(
    ContractIdPreimage IdPreimage,
    ContractExecutable Executable,
    ValueList<ScVal>? ConstructorArgs = null)
{
    internal static CreateContractArgs Read(ref XdrReader reader, bool withConstructor) => new(
        ContractIdPreimage.Read(ref reader),
        ContractExecutable.Read(ref reader),
        withConstructor ? reader.ReadList<ScVal>() : null);

    internal void Write(XdrWriter writer)
    {
        IdPreimage.Write(writer);
        Executable.Write(writer);
        if (ConstructorArgs is { } args)
            writer.WriteList(args);
    }
}
