namespace StellarPay.Stellar.Xdr;

/// <summary>What became of an operation that was applied. One record for each <see cref="OperationType"/>. XDR's
/// <c>OperationResult.tr</c>.</summary>
public abstract record OperationResultBody : IXdr<OperationResultBody>
{
    private protected OperationResultBody()
    {
    }

    /// <summary>The operation's kind.</summary>
    public abstract OperationType Type { get; }

    /// <summary>The code's number on the wire: 0 for success, otherwise negative.</summary>
    public abstract int CodeValue { get; }

    /// <summary>Whether it succeeded.</summary>
    public bool IsSuccess => CodeValue == 0;

    /// <inheritdoc/>
    public static OperationResultBody Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<OperationType>();
        return type < OperationType.ManageBuyOffer ? ReadEarly(ref reader, type) : ReadLate(ref reader, type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        writer.WriteInt32(CodeValue);
        WriteBody(writer);
    }

    internal static T Arm<T>(T? value)
        where T : class => value ?? throw MissingArm();

    internal static T Arm<T>(T? value)
        where T : struct => value ?? throw MissingArm();

    private protected virtual void WriteBody(XdrWriter writer)
    {
    }

    private static XdrException MissingArm() => new("The result lacks what its code calls for.");

    private static OperationResultBody ReadEarly(ref XdrReader reader, OperationType type) => type switch
    {
        OperationType.CreateAccount => CreateAccountResult.ReadBody(ref reader),
        OperationType.Payment => PaymentResult.ReadBody(ref reader),
        OperationType.PathPaymentStrictReceive => PathPaymentStrictReceiveResult.ReadBody(ref reader),
        OperationType.ManageSellOffer => ManageSellOfferResult.ReadBody(ref reader),
        OperationType.CreatePassiveSellOffer => CreatePassiveSellOfferResult.ReadBody(ref reader),
        OperationType.SetOptions => SetOptionsResult.ReadBody(ref reader),
        OperationType.ChangeTrust => ChangeTrustResult.ReadBody(ref reader),
        OperationType.AllowTrust => AllowTrustResult.ReadBody(ref reader),
        OperationType.AccountMerge => AccountMergeResult.ReadBody(ref reader),
        OperationType.Inflation => InflationResult.ReadBody(ref reader),
        OperationType.ManageData => ManageDataResult.ReadBody(ref reader),
        OperationType.BumpSequence => BumpSequenceResult.ReadBody(ref reader),
        _ => throw XdrException.Discriminant("operation type", (int)type),
    };

    private static OperationResultBody ReadLate(ref XdrReader reader, OperationType type) => type switch
    {
        OperationType.ManageBuyOffer => ManageBuyOfferResult.ReadBody(ref reader),
        OperationType.PathPaymentStrictSend => PathPaymentStrictSendResult.ReadBody(ref reader),
        OperationType.CreateClaimableBalance => CreateClaimableBalanceResult.ReadBody(ref reader),
        OperationType.ClaimClaimableBalance => ClaimClaimableBalanceResult.ReadBody(ref reader),
        OperationType.BeginSponsoringFutureReserves => BeginSponsoringFutureReservesResult.ReadBody(ref reader),
        OperationType.EndSponsoringFutureReserves => EndSponsoringFutureReservesResult.ReadBody(ref reader),
        OperationType.RevokeSponsorship => RevokeSponsorshipResult.ReadBody(ref reader),
        OperationType.Clawback => ClawbackResult.ReadBody(ref reader),
        OperationType.ClawbackClaimableBalance => ClawbackClaimableBalanceResult.ReadBody(ref reader),
        OperationType.SetTrustLineFlags => SetTrustLineFlagsResult.ReadBody(ref reader),
        OperationType.LiquidityPoolDeposit => LiquidityPoolDepositResult.ReadBody(ref reader),
        OperationType.LiquidityPoolWithdraw => LiquidityPoolWithdrawResult.ReadBody(ref reader),
        OperationType.InvokeHostFunction => InvokeHostFunctionResult.ReadBody(ref reader),
        OperationType.ExtendFootprintTtl => ExtendFootprintTtlResult.ReadBody(ref reader),
        OperationType.RestoreFootprint => RestoreFootprintResult.ReadBody(ref reader),
        _ => throw XdrException.Discriminant("operation type", (int)type),
    };
}
