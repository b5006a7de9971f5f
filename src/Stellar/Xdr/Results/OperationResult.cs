namespace StellarPay.Stellar.Xdr;

/// <summary>What became of an operation. XDR's <c>OperationResult</c>.</summary>
public sealed record OperationResult : IXdr<OperationResult>
{
    /// <summary>A result of the operation's own.</summary>
    /// <param name="inner">The result.</param>
    public OperationResult(OperationResultBody inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <summary>A failure before the operation could have a result of its own.</summary>
    /// <param name="code">Why.</param>
    /// <exception cref="ArgumentException">The code is <see cref="OperationResultCode.Inner"/>.</exception>
    public OperationResult(OperationResultCode code)
    {
        if (code == OperationResultCode.Inner)
            throw new ArgumentException("An inner result has a body.", nameof(code));
        Code = code;
    }

    /// <summary>Whether there is a result of the operation's own, or why not.</summary>
    public OperationResultCode Code { get; }

    /// <summary>The operation's own result; null unless <see cref="Code"/> is
    /// <see cref="OperationResultCode.Inner"/>.</summary>
    public OperationResultBody? Inner { get; }

    /// <summary>Whether it succeeded.</summary>
    public bool IsSuccess => Inner is { IsSuccess: true };

    /// <summary>A result of the operation's own.</summary>
    /// <param name="inner">The result.</param>
    public static implicit operator OperationResult(OperationResultBody inner) => new(inner);

    /// <inheritdoc/>
    public static OperationResult Read(ref XdrReader reader)
    {
        var code = reader.ReadEnum<OperationResultCode>();
        return code == OperationResultCode.Inner
            ? new OperationResult(OperationResultBody.Read(ref reader))
            : new OperationResult(code);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Code);
        Inner?.Write(writer);
    }
}
