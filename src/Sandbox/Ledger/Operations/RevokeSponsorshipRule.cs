using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class RevokeSponsorshipRule(OperationContext context, RevokeSponsorshipOperation operation)
    : OperationRule<RevokeSponsorshipResultCode>(context)
{
    public override OperationResult? Check()
    {
        var isWellFormed = operation.Entry switch
        {
            null or LedgerKeyAccount or LedgerKeyClaimableBalance => true,
            LedgerKeyTrustLine line => IsWellFormed(line),
            LedgerKeyOffer offer => offer.OfferId > 0,
            LedgerKeyData data => data.Name.Length > 0 && AssetRules.IsText(data.Name),
            _ => false,
        };
        return isWellFormed ? null : Fail(RevokeSponsorshipResultCode.Malformed);
    }

    public override OperationResult Apply() =>
        operation.Signer is { } signer ? RevokeSigner(signer) : RevokeEntry(operation.Entry!);

    protected override OperationResultBody ResultOf(RevokeSponsorshipResultCode code) =>
        new RevokeSponsorshipResult(code);

    private static bool IsWellFormed(LedgerKeyTrustLine line) =>
        line.Asset.Asset is not { } asset
        || (!asset.IsNative && AssetRules.IsValid(asset) && !AssetRules.IsIssuer(line.Account, asset));

    private OperationResult RevokeEntry(LedgerKey key)
    {
        if (Find(key) is not { } entry)
        {
            return Fail(RevokeSponsorshipResultCode.DoesNotExist);
        }

        // A claimable balance belongs to nobody but its sponsor.
        var owner = OwnerOf(entry);
        if ((entry.Sponsor ?? owner) != Source)
        {
            return Fail(RevokeSponsorshipResultCode.NotSponsor);
        }

        var next = NextSponsor(owner ?? entry.Sponsor);
        if (next is null && owner is null)
        {
            return Fail(RevokeSponsorshipResultCode.OnlyTransferable);
        }

        var moved = new SponsorshipTransfer(State)
            .TryMove(owner, entry.Sponsor, next, ReserveRules.Multiplier(entry));
        if (moved != ReserveResult.Success)
        {
            return Fail(moved, RevokeSponsorshipResultCode.LowReserve);
        }

        if (entry.Sponsor != next)
        {
            // The entry may be the owner's account, whose counts have just changed.
            State.Put(Find(key)! with { Sponsor = next, WasEverSponsored = true });
        }

        return Success;
    }

    private OperationResult RevokeSigner(SponsoredSigner signer)
    {
        if (State.Account(signer.Account) is not { } account
            || account.FindSigner(signer.Key) is not (>= 0 and var place))
        {
            return Fail(RevokeSponsorshipResultCode.DoesNotExist);
        }

        var sponsor = account.Signers[place].Sponsor;
        if ((sponsor ?? account.Id) != Source)
        {
            return Fail(RevokeSponsorshipResultCode.NotSponsor);
        }

        var next = NextSponsor(account.Id);
        var moved = new SponsorshipTransfer(State).TryMove(account.Id, sponsor, next, 1);
        if (moved != ReserveResult.Success)
        {
            return Fail(moved, RevokeSponsorshipResultCode.LowReserve);
        }

        if (sponsor != next)
        {
            var current = State.ExistingAccount(account.Id);
            var signers = current.Signers.ToArray();
            signers[place] = signers[place] with { Sponsor = next };
            State.Put(current with { Signers = signers.ToValueList() });
        }

        return Success;
    }

    /// <summary>Whoever sponsors the source's future reserves takes over, unless that is the owner itself.</summary>
    private AccountId? NextSponsor(AccountId? owner)
    {
        var sponsor = Context.Transaction.Sponsorships.SponsorOf(Source);
        return sponsor == owner ? null : sponsor;
    }

    private LedgerObject? Find(LedgerKey key) => key switch
    {
        LedgerKeyAccount account => State.Account(account.Account),
        LedgerKeyTrustLine { Asset.Asset: { } asset } line => State.TrustLine(line.Account, asset),
        LedgerKeyOffer offer => State.Offer(offer.OfferId) is { } found && found.Seller == offer.Seller ? found : null,
        LedgerKeyData data => State.DataOf(data.Account, data.Name),
        LedgerKeyClaimableBalance balance => State.ClaimableBalance(balance.BalanceId.Hash),
        _ => null,
    };

    private static AccountId? OwnerOf(LedgerObject entry) => entry switch
    {
        Account account => account.Id,
        TrustLine line => line.Account,
        Offer offer => offer.Seller,
        NamedData data => data.Account,
        _ => null,
    };
}
