namespace StellarPay.Stellar.Xdr;

/// <summary>Where a contract's error comes from.</summary>
public enum ScErrorType
{
    /// <summary>The contract itself, with a code of its own.</summary>
    Contract = 0,

    /// <summary>The WebAssembly machine.</summary>
    WasmVm = 1,

    /// <summary>The contract's context in the host.</summary>
    Context = 2,

    /// <summary>Storage.</summary>
    Storage = 3,

    /// <summary>Host objects.</summary>
    Object = 4,

    /// <summary>Cryptography.</summary>
    Crypto = 5,

    /// <summary>Events.</summary>
    Events = 6,

    /// <summary>The resource budget.</summary>
    Budget = 7,

    /// <summary>Values.</summary>
    Value = 8,

    /// <summary>Authorisation.</summary>
    Auth = 9,
}

/// <summary>What went wrong in the host.</summary>
public enum ScErrorCode
{
    /// <summary>Undefined arithmetic.</summary>
    ArithDomain = 0,

    /// <summary>An index out of bounds.</summary>
    IndexBounds = 1,

    /// <summary>Bad input.</summary>
    InvalidInput = 2,

    /// <summary>A value is missing.</summary>
    MissingValue = 3,

    /// <summary>A value is there that should not be.</summary>
    ExistingValue = 4,

    /// <summary>A limit was reached.</summary>
    ExceededLimit = 5,

    /// <summary>The action is not allowed.</summary>
    InvalidAction = 6,

    /// <summary>The host's own fault.</summary>
    InternalError = 7,

    /// <summary>Another type was expected.</summary>
    UnexpectedType = 8,

    /// <summary>Another size was expected.</summary>
    UnexpectedSize = 9,
}

/// <summary>An error of a contract or its host. XDR's <c>SCError</c>.</summary>
/// <param name="Type">Where it comes from.</param>
/// <param name="Code">The contract's own number, or one of <see cref="ScErrorCode"/> for every other type.</param>
public sealed record ScError(ScErrorType Type, uint Code) : IXdr<ScError>
{
    /// <inheritdoc/>
    public static ScError Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<ScErrorType>();
        return new ScError(type, type == ScErrorType.Contract
            ? reader.ReadUInt32()
            : (uint)reader.ReadEnum<ScErrorCode>());
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        writer.WriteUInt32(Code);
    }
}
