namespace StellarPay.Stellar.Xdr;

/// <summary>Sets an amount aside for others to claim.</summary>
/// <param name="Asset">What.</param>
/// <param name="Amount">How much, in stroops.</param>
/// <param name="Claimants">Who may claim it and when; at most 10.</param>
public sealed record CreateClaimableBalanceOperation(
    Asset Asset,
    long Amount,
    ValueList<Claimant> Claimants) : OperationBody
{
    internal const int MaxClaimants = 10;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreateClaimableBalance;

    internal static CreateClaimableBalanceOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadList<Claimant>(MaxClaimants));

    private protected override void WriteBody(XdrWriter writer)
    {
        Asset.Write(writer);
        writer.WriteInt64(Amount);
        writer.WriteList(Claimants, MaxClaimants);
    }
}

/// <summary>Claims a balance.</summary>
/// <param name="BalanceId">Which.</param>
public sealed record ClaimClaimableBalanceOperation(ClaimableBalanceId BalanceId) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ClaimClaimableBalance;

    internal static ClaimClaimableBalanceOperation ReadBody(ref XdrReader reader) => new(
        ClaimableBalanceId.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer) => BalanceId.Write(writer);
}

/// <summary>Takes back and destroys an unclaimed balance of the source's asset.</summary>
/// <param name="BalanceId">Which.</param>
public sealed record ClawbackClaimableBalanceOperation(ClaimableBalanceId BalanceId) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ClawbackClaimableBalance;

    internal static ClawbackClaimableBalanceOperation ReadBody(ref XdrReader reader) => new(
        ClaimableBalanceId.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer) => BalanceId.Write(writer);
}
