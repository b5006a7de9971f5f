namespace StellarPay.Stellar.Xdr;

/// <summary>Creates, changes or deletes an offer, by the amount sold.</summary>
/// <param name="Selling">What is sold.</param>
/// <param name="Buying">What is bought.</param>
/// <param name="Amount">How much is sold, in stroops; 0 deletes the offer.</param>
/// <param name="Price">How many units of what is bought one unit of what is sold costs.</param>
/// <param name="OfferId">The offer; 0 creates one.</param>
public sealed record ManageSellOfferOperation(
    Asset Selling,
    Asset Buying,
    long Amount,
    Price Price,
    long OfferId) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageSellOffer;

    internal static ManageSellOfferOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        Price.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Selling.Write(writer);
        Buying.Write(writer);
        writer.WriteInt64(Amount);
        Price.Write(writer);
        writer.WriteInt64(OfferId);
    }
}

/// <summary>Creates, changes or deletes an offer, by the amount bought.</summary>
/// <param name="Selling">What is sold.</param>
/// <param name="Buying">What is bought.</param>
/// <param name="BuyAmount">How much is bought, in stroops; 0 deletes the offer.</param>
/// <param name="Price">How many units of what is sold one unit of what is bought costs.</param>
/// <param name="OfferId">The offer; 0 creates one.</param>
public sealed record ManageBuyOfferOperation(
    Asset Selling,
    Asset Buying,
    long BuyAmount,
    Price Price,
    long OfferId) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.ManageBuyOffer;

    internal static ManageBuyOfferOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        Price.Read(ref reader),
        reader.ReadInt64());

    private protected override void WriteBody(XdrWriter writer)
    {
        Selling.Write(writer);
        Buying.Write(writer);
        writer.WriteInt64(BuyAmount);
        Price.Write(writer);
        writer.WriteInt64(OfferId);
    }
}

/// <summary>Creates an offer that does not take offers of the same price.</summary>
/// <param name="Selling">What is sold.</param>
/// <param name="Buying">What is bought.</param>
/// <param name="Amount">How much is sold, in stroops.</param>
/// <param name="Price">How many units of what is bought one unit of what is sold costs.</param>
public sealed record CreatePassiveSellOfferOperation(
    Asset Selling,
    Asset Buying,
    long Amount,
    Price Price) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.CreatePassiveSellOffer;

    internal static CreatePassiveSellOfferOperation ReadBody(ref XdrReader reader) => new(
        Asset.Read(ref reader),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        Price.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer)
    {
        Selling.Write(writer);
        Buying.Write(writer);
        writer.WriteInt64(Amount);
        Price.Write(writer);
    }
}
