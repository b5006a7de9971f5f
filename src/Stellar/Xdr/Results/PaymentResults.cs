namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a create-account operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record CreateAccountResult(CreateAccountResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreateAccount;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static CreateAccountResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<CreateAccountResultCode>());
}

/// <summary>The result of a payment operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record PaymentResult(PaymentResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.Payment;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static PaymentResult ReadBody(ref XdrReader reader) => new(reader.ReadEnum<PaymentResultCode>());
}

/// <summary>The result of a path-payment-strict-receive operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Success">What was traded and paid; there if and only if it succeeded.</param>
/// <param name="NoIssuer">The asset whose issuer does not exist; there if and only if the code says so.</param>
public sealed record PathPaymentStrictReceiveResult(
    PathPaymentStrictReceiveResultCode Code,
    PathPaymentSuccess? Success = null,
    Asset? NoIssuer = null) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.PathPaymentStrictReceive;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static PathPaymentStrictReceiveResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<PathPaymentStrictReceiveResultCode>();
        return code switch
        {
            PathPaymentStrictReceiveResultCode.Success => new(code, Success: PathPaymentSuccess.Read(ref reader)),
            PathPaymentStrictReceiveResultCode.NoIssuer => new(code, NoIssuer: Asset.Read(ref reader)),
            _ => new(code),
        };
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == PathPaymentStrictReceiveResultCode.Success)
            Arm(Success).Write(writer);
        else if (Code == PathPaymentStrictReceiveResultCode.NoIssuer)
            Arm(NoIssuer).Write(writer);
    }
}

/// <summary>The result of a path-payment-strict-send operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Success">What was traded and paid; there if and only if it succeeded.</param>
/// <param name="NoIssuer">The asset whose issuer does not exist; there if and only if the code says so.</param>
public sealed record PathPaymentStrictSendResult(
    PathPaymentStrictSendResultCode Code,
    PathPaymentSuccess? Success = null,
    Asset? NoIssuer = null) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.PathPaymentStrictSend;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static PathPaymentStrictSendResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<PathPaymentStrictSendResultCode>();
        return code switch
        {
            PathPaymentStrictSendResultCode.Success => new(code, Success: PathPaymentSuccess.Read(ref reader)),
            PathPaymentStrictSendResultCode.NoIssuer => new(code, NoIssuer: Asset.Read(ref reader)),
            _ => new(code),
        };
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == PathPaymentStrictSendResultCode.Success)
            Arm(Success).Write(writer);
        else if (Code == PathPaymentStrictSendResultCode.NoIssuer)
            Arm(NoIssuer).Write(writer);
    }
}

/// <summary>What a path payment traded and paid.</summary>
/// <param name="Offers">The offers and pools that were taken, in order.</param>
/// <param name="Last">What the destination got.</param>
public sealed record PathPaymentSuccess(ValueList<ClaimAtom> Offers, SimplePaymentResult Last)
    : IXdr<PathPaymentSuccess>
{
    /// <inheritdoc/>
    public static PathPaymentSuccess Read(ref XdrReader reader) =>
        new(reader.ReadList<ClaimAtom>(), SimplePaymentResult.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteList(Offers);
        Last.Write(writer);
    }
}

/// <summary>Who got how much of what. XDR's <c>SimplePaymentResult</c>.</summary>
/// <param name="Destination">Who.</param>
/// <param name="Asset">What.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record SimplePaymentResult(AccountId Destination, Asset Asset, long Amount) : IXdr<SimplePaymentResult>
{
    /// <inheritdoc/>
    public static SimplePaymentResult Read(ref XdrReader reader) =>
        new(AccountId.Read(ref reader), Asset.Read(ref reader), reader.ReadInt64());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Destination.Write(writer);
        Asset.Write(writer);
        writer.WriteInt64(Amount);
    }
}

/// <summary>The result of an account-merge operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="SourceBalance">How much was sent, in stroops; there if and only if it succeeded.</param>
public sealed record AccountMergeResult(AccountMergeResultCode Code, long? SourceBalance = null) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.AccountMerge;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static AccountMergeResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<AccountMergeResultCode>();
        return new AccountMergeResult(code, code == AccountMergeResultCode.Success ? reader.ReadInt64() : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == AccountMergeResultCode.Success)
            writer.WriteInt64(Arm(SourceBalance));
    }
}
