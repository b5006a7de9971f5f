namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a create-claimable-balance operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="BalanceId">The balance's id; there if and only if it succeeded.</param>
public sealed record CreateClaimableBalanceResult(
    CreateClaimableBalanceResultCode Code,
    ClaimableBalanceId? BalanceId = null) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreateClaimableBalance;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static CreateClaimableBalanceResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<CreateClaimableBalanceResultCode>();
        return new CreateClaimableBalanceResult(code, code == CreateClaimableBalanceResultCode.Success
            ? ClaimableBalanceId.Read(ref reader)
            : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == CreateClaimableBalanceResultCode.Success)
            Arm(BalanceId).Write(writer);
    }
}

/// <summary>The result of a claim-claimable-balance operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ClaimClaimableBalanceResult(ClaimClaimableBalanceResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ClaimClaimableBalance;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ClaimClaimableBalanceResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<ClaimClaimableBalanceResultCode>());
}

/// <summary>The result of a clawback-claimable-balance operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record ClawbackClaimableBalanceResult(ClawbackClaimableBalanceResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ClawbackClaimableBalance;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ClawbackClaimableBalanceResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<ClawbackClaimableBalanceResultCode>());
}
