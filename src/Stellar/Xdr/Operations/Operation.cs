namespace StellarPay.Stellar.Xdr;

/// <summary>What an operation does. One record for each <see cref="OperationType"/>.</summary>
public abstract record OperationBody : IXdr<OperationBody>
{
    private protected OperationBody()
    {
    }

    /// <summary>The kind.</summary>
    public abstract OperationType Type { get; }

    /// <inheritdoc/>
    public static OperationBody Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<OperationType>();
        return type < OperationType.ManageBuyOffer ? ReadEarly(ref reader, type) : ReadLate(ref reader, type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);

    private static OperationBody ReadEarly(ref XdrReader reader, OperationType type) => type switch
    {
        OperationType.CreateAccount => CreateAccountOperation.ReadBody(ref reader),
        OperationType.Payment => PaymentOperation.ReadBody(ref reader),
        OperationType.PathPaymentStrictReceive => PathPaymentStrictReceiveOperation.ReadBody(ref reader),
        OperationType.ManageSellOffer => ManageSellOfferOperation.ReadBody(ref reader),
        OperationType.CreatePassiveSellOffer => CreatePassiveSellOfferOperation.ReadBody(ref reader),
        OperationType.SetOptions => SetOptionsOperation.ReadBody(ref reader),
        OperationType.ChangeTrust => ChangeTrustOperation.ReadBody(ref reader),
        OperationType.AllowTrust => AllowTrustOperation.ReadBody(ref reader),
        OperationType.AccountMerge => AccountMergeOperation.ReadBody(ref reader),
        OperationType.Inflation => InflationOperation.Instance,
        OperationType.ManageData => ManageDataOperation.ReadBody(ref reader),
        OperationType.BumpSequence => BumpSequenceOperation.ReadBody(ref reader),
        _ => throw XdrException.Discriminant("operation type", (int)type),
    };

    private static OperationBody ReadLate(ref XdrReader reader, OperationType type) => type switch
    {
        OperationType.ManageBuyOffer => ManageBuyOfferOperation.ReadBody(ref reader),
        OperationType.PathPaymentStrictSend => PathPaymentStrictSendOperation.ReadBody(ref reader),
        OperationType.CreateClaimableBalance => CreateClaimableBalanceOperation.ReadBody(ref reader),
        OperationType.ClaimClaimableBalance => ClaimClaimableBalanceOperation.ReadBody(ref reader),
        OperationType.BeginSponsoringFutureReserves => BeginSponsoringFutureReservesOperation.ReadBody(ref reader),
        OperationType.EndSponsoringFutureReserves => EndSponsoringFutureReservesOperation.Instance,
        OperationType.RevokeSponsorship => RevokeSponsorshipOperation.ReadBody(ref reader),
        OperationType.Clawback => ClawbackOperation.ReadBody(ref reader),
        OperationType.ClawbackClaimableBalance => ClawbackClaimableBalanceOperation.ReadBody(ref reader),
        OperationType.SetTrustLineFlags => SetTrustLineFlagsOperation.ReadBody(ref reader),
        OperationType.LiquidityPoolDeposit => LiquidityPoolDepositOperation.ReadBody(ref reader),
        OperationType.LiquidityPoolWithdraw => LiquidityPoolWithdrawOperation.ReadBody(ref reader),
        OperationType.InvokeHostFunction => InvokeHostFunctionOperation.ReadBody(ref reader),
        OperationType.ExtendFootprintTtl => ExtendFootprintTtlOperation.ReadBody(ref reader),
        OperationType.RestoreFootprint => RestoreFootprintOperation.ReadBody(ref reader),
        _ => throw XdrException.Discriminant("operation type", (int)type),
    };
}

/// <summary>One step of a transaction. XDR's <c>Operation</c>.</summary>
/// <param name="Source">Whose it is; null for the transaction's source.</param>
/// <param name="Body">What it does.</param>
public sealed record Operation(MuxedAccount? Source, OperationBody Body) : IXdr<Operation>
{
    /// <summary>A step of the transaction's own source.</summary>
    /// <param name="body">What it does.</param>
    public static implicit operator Operation(OperationBody body) => new(null, body);

    /// <inheritdoc/>
    public static Operation Read(ref XdrReader reader) =>
        new(reader.ReadOptionalValue<MuxedAccount>(), OperationBody.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Source);
        Body.Write(writer);
    }
}
