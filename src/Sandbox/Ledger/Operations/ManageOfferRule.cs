using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// What the operations on offers have in common. Sheep is what the source sells, wheat what it buys; the price is
/// sheep's price in wheat. The three kinds of result have their codes in common, by number.
/// </summary>
internal abstract class ManageOfferRule(OperationContext context, ManagedOffer managed)
    : OperationRule<ManageSellOfferResultCode>(context)
{
    private static readonly OfferEntry NoOffer = new(default, 0, Asset.Native, Asset.Native, 0, new Price(0, 0), 0);

    public override OperationResult Untouched =>
        Succeeded(new ManageOfferSuccess([], ManageOfferEffect.Created, NoOffer));

    /// <summary>How much the operation names; zero deletes.</summary>
    protected abstract long Amount { get; }

    /// <summary>The liabilities of the offer if nothing crossed it.</summary>
    protected abstract (long Buying, long Selling) WholeLiabilities { get; }

    private bool IsDeletion => Amount == 0;

    public override OperationResult? Check()
    {
        var isWellFormed = AssetRules.IsValid(managed.Sheep)
            && AssetRules.IsValid(managed.Wheat)
            && managed.Sheep != managed.Wheat
            && Amount >= 0
            && managed.Price is { N: > 0, D: > 0 }
            && (managed.OfferId != 0 || !IsDeletion)
            && managed.OfferId >= 0;
        return isWellFormed ? null : Fail(ManageSellOfferResultCode.Malformed);
    }

    public override OperationResult Apply()
    {
        if (!IsDeletion && CheckHoldings() is { } unheld)
        {
            return Fail(unheld);
        }

        var draft = new Offer
        {
            Seller = Source,
            Id = managed.OfferId,
            Selling = managed.Sheep,
            Buying = managed.Wheat,
            Amount = 0,
            Price = managed.Price,
            Flags = managed.IsPassive ? OfferFlags.Passive : OfferFlags.None,
        };
        if (managed.OfferId == 0)
        {
            // The reserve is taken before anything is crossed, and given back if no offer stays.
            var reserve = Context.Transaction.Reserves.TryCreate(ref draft, Source);
            if (reserve != ReserveResult.Success)
            {
                return Fail(reserve, ManageSellOfferResultCode.LowReserve);
            }
        }
        else if (State.Offer(managed.OfferId) is { } existing && existing.Seller == Source)
        {
            OfferLiabilities.Release(State, existing);
            draft = draft with
            {
                Flags = existing.Flags,
                Sponsor = existing.Sponsor,
                WasEverSponsored = existing.WasEverSponsored,
            };
            State.Erase(existing);
        }
        else
        {
            return Fail(ManageSellOfferResultCode.NotFound);
        }

        return IsDeletion ? Place(draft, []) : CrossAndPlace(draft);
    }

    /// <summary>Narrows what may be sent and received to what the operation itself allows.</summary>
    protected abstract (long Sheep, long Wheat) Limit(long sheep, long sheepSent, long wheat, long wheatReceived);

    protected abstract OperationResultBody Succeeded(ManageOfferSuccess success);

    private ManageSellOfferResultCode? CheckHoldings()
    {
        if (!managed.Sheep.IsNative)
        {
            var sheep = HoldingOf(Source, managed.Sheep);
            if (!sheep.Exists)
            {
                return ManageSellOfferResultCode.SellNoTrust;
            }

            if (sheep.Balance == 0)
            {
                return ManageSellOfferResultCode.Underfunded;
            }

            if (!sheep.IsAuthorized)
            {
                return ManageSellOfferResultCode.SellNotAuthorized;
            }
        }

        var wheat = HoldingOf(Source, managed.Wheat);
        return !wheat.Exists ? ManageSellOfferResultCode.BuyNoTrust
            : !wheat.IsAuthorized ? ManageSellOfferResultCode.BuyNotAuthorized
            : null;
    }

    private OperationResult CrossAndPlace(Offer draft)
    {
        var sheep = HoldingOf(Source, managed.Sheep);
        var wheat = HoldingOf(Source, managed.Wheat);
        var (buying, selling) = WholeLiabilities;
        if (wheat.MaximumReceive < buying)
        {
            return Fail(ManageSellOfferResultCode.LineFull);
        }

        if (sheep.Available < selling)
        {
            return Fail(ManageSellOfferResultCode.Underfunded);
        }

        var (maxSheep, maxWheat) = Limit(sheep.SellableAtMost, 0, wheat.BuyableAtMost, 0);
        if (maxWheat == 0)
        {
            return Fail(ManageSellOfferResultCode.LineFull);
        }

        var conversion = Context.Transaction.Exchange.Convert(
            new ConversionRequest(
                managed.Sheep,
                maxSheep,
                managed.Wheat,
                maxWheat,
                ExchangeRounding.Normal,
                ConversionRequest.OfferLimit),
            offer => VerdictOn(offer, (draft.Flags & OfferFlags.Passive) != 0));
        switch (conversion.End)
        {
            case ConversionEnd.StoppedAtOwnOffer:
                return Fail(ManageSellOfferResultCode.CrossSelf);
            case ConversionEnd.CrossedTooMany:
                return new OperationResult(OperationResultCode.ExceededWorkLimit);
        }

        if (conversion.WheatReceived > 0)
        {
            wheat.Add(conversion.WheatReceived);
            sheep.Add(-conversion.SheepSent);
        }

        return Place(draft with { Amount = Rest(conversion, sheep, wheat) }, conversion.Crossings);
    }

    /// <summary>How much is left to offer: nothing if all was exchanged, else what both sides still allow.</summary>
    private long Rest(Conversion conversion, Holding sheep, Holding wheat)
    {
        if (conversion.End == ConversionEnd.Complete)
        {
            return 0;
        }

        var (sheepLimit, wheatLimit) = Limit(
            sheep.SellableAtMost, conversion.SheepSent, wheat.BuyableAtMost, conversion.WheatReceived);
        return ExchangeRules.AdjustOffer(managed.Price, sheepLimit, wheatLimit);
    }

    private OfferVerdict VerdictOn(Offer offer, bool isPassive)
    {
        var maximum = PriceRules.Inverse(managed.Price);
        var isTooDear = isPassive
            ? PriceRules.IsAtLeast(offer.Price, maximum)
            : PriceRules.IsAbove(offer.Price, maximum);
        return isTooDear ? OfferVerdict.StopAtBadPrice
            : offer.Seller == Source ? OfferVerdict.StopAtOwnOffer
            : OfferVerdict.Cross;
    }

    private OperationResult Place(Offer offer, List<Crossing> crossings)
    {
        var claims = Crossing.ToClaims(crossings);
        if (offer.Amount == 0)
        {
            Context.Transaction.Reserves.Remove(offer, Source);
            return Succeeded(new ManageOfferSuccess(claims, ManageOfferEffect.Deleted));
        }

        var effect = ManageOfferEffect.Updated;
        if (offer.Id == 0)
        {
            State.Header = Header with { IdPool = Header.IdPool + 1 };
            offer = offer with { Id = (long)Header.IdPool };
            effect = ManageOfferEffect.Created;
        }

        State.Put(offer);
        OfferLiabilities.Acquire(State, offer);
        return Succeeded(new ManageOfferSuccess(claims, effect, EntryXdr.OfferOf(offer)));
    }
}

/// <summary>What an operation on an offer names.</summary>
internal sealed record ManagedOffer(Asset Sheep, Asset Wheat, long OfferId, Price Price, bool IsPassive = false);
