namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a change-trust operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ChangeTrustResult(ChangeTrustResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ChangeTrust;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ChangeTrustResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<ChangeTrustResultCode>());
}

/// <summary>The result of an allow-trust operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record AllowTrustResult(AllowTrustResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.AllowTrust;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static AllowTrustResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<AllowTrustResultCode>());
}

/// <summary>The result of a set-trust-line-flags operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record SetTrustLineFlagsResult(SetTrustLineFlagsResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.SetTrustLineFlags;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static SetTrustLineFlagsResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<SetTrustLineFlagsResultCode>());
}

/// <summary>The result of a clawback operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ClawbackResult(ClawbackResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.Clawback;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ClawbackResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<ClawbackResultCode>());
}
