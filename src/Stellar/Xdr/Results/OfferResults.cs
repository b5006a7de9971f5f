namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a manage-sell-offer operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Success">What was traded and what remains; there if and only if it succeeded.</param>
public sealed record ManageSellOfferResult(ManageSellOfferResultCode Code, ManageOfferSuccess? Success = null)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageSellOffer;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ManageSellOfferResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<ManageSellOfferResultCode>();
        return new(code, code == ManageSellOfferResultCode.Success ? ManageOfferSuccess.Read(ref reader) : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == ManageSellOfferResultCode.Success)
            Arm(Success).Write(writer);
    }
}

/// <summary>The result of a create-passive-sell-offer operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Success">What was traded and what remains; there if and only if it succeeded.</param>
public sealed record CreatePassiveSellOfferResult(ManageSellOfferResultCode Code, ManageOfferSuccess? Success = null)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreatePassiveSellOffer;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static CreatePassiveSellOfferResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<ManageSellOfferResultCode>();
        return new(code, code == ManageSellOfferResultCode.Success ? ManageOfferSuccess.Read(ref reader) : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == ManageSellOfferResultCode.Success)
            Arm(Success).Write(writer);
    }
}

/// <summary>The result of a manage-buy-offer operation.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Success">What was traded and what remains; there if and only if it succeeded.</param>
public sealed record ManageBuyOfferResult(ManageBuyOfferResultCode Code, ManageOfferSuccess? Success = null)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageBuyOffer;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static ManageBuyOfferResult ReadBody(ref XdrReader reader)
    {
        var code = reader.ReadEnum<ManageBuyOfferResultCode>();
        return new(code, code == ManageBuyOfferResultCode.Success ? ManageOfferSuccess.Read(ref reader) : null);
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        if (Code == ManageBuyOfferResultCode.Success)
            Arm(Success).Write(writer);
    }
}

/// <summary>What became of the offer itself.</summary>
public enum ManageOfferEffect
{
    /// <summary>It was created.</summary>
    Created = 0,

    /// <summary>It was changed.</summary>
    Updated = 1,

    /// <summary>It is gone, or was filled at once.</summary>
    Deleted = 2,
}

/// <summary>What an offer traded and what remains of it. XDR's <c>ManageOfferSuccessResult</c>.</summary>
/// <param name="Claimed">The offers that were taken, in order.</param>
/// <param name="Effect">What became of the offer itself.</param>
/// <param name="Offer">The offer; null if and only if it is gone.</param>
public sealed record ManageOfferSuccess(
    ValueList<ClaimAtom> Claimed,
    ManageOfferEffect Effect,
    OfferEntry? Offer = null) : IXdr<ManageOfferSuccess>
{
    /// <inheritdoc/>
    public static ManageOfferSuccess Read(ref XdrReader reader)
    {
        var claimed = reader.ReadList<ClaimAtom>();
        var effect = reader.ReadEnum<ManageOfferEffect>();
        return new(claimed, effect, effect == ManageOfferEffect.Deleted ? null : OfferEntry.Read(ref reader));
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteList(Claimed);
        writer.WriteEnum(Effect);
        if (Effect != ManageOfferEffect.Deleted)
            OperationResultBody.Arm(Offer).Write(writer);
    }
}
