using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The state's entries as XDR, for metas, results and snapshots.</summary>
internal static class EntryXdr
{
    public static LedgerEntry Of(LedgerObject entry) => new(
        entry.LastModified,
        DataOf(entry),
        entry.WasEverSponsored ? new Sponsorship(entry.Sponsor) : null);

    public static LedgerEntryChanges ChangesOf(IReadOnlyList<EntryChange> changes)
    {
        var list = new List<LedgerEntryChange>(changes.Count * 2);
        foreach (var (before, after) in changes)
        {
            if (before is not null)
            {
                list.Add(new LedgerEntryChange(LedgerEntryChangeType.State, Of(before)));
            }

            list.Add(after is null
                ? new LedgerEntryChange(DataOf(before!).ToKey())
                : new LedgerEntryChange(
                    before is null ? LedgerEntryChangeType.Created : LedgerEntryChangeType.Updated, Of(after)));
        }

        return new LedgerEntryChanges(list.ToValueList());
    }

    public static OfferEntry OfferOf(Offer offer) => new(
        offer.Seller, offer.Id, offer.Selling, offer.Buying, offer.Amount, offer.Price, (uint)offer.Flags);

    private static LedgerEntryData DataOf(LedgerObject entry) => entry switch
    {
        Account account => AccountOf(account),
        TrustLine line => new TrustLineEntry(
            line.Account,
            line.Asset,
            line.Balance,
            line.Limit,
            (uint)line.Flags,
            line.Extension == 0
                ? null
                : new TrustLineEntryExtension(new Liabilities(line.BuyingLiabilities, line.SellingLiabilities))),
        Offer offer => OfferOf(offer),
        NamedData data => new DataEntry(data.Account, data.Name, data.Value),
        ClaimableBalance balance => new ClaimableBalanceEntry(
            new ClaimableBalanceId(balance.Id),
            balance.Claimants,
            balance.Asset,
            balance.Amount,
            balance.IsClawbackEnabled ? (uint)ClaimableBalanceFlags.ClawbackEnabled : null),
        _ => throw new LedgerFault("unknown kind of entry"),
    };

    private static AccountEntry AccountOf(Account account) => new(
        account.Id,
        account.Balance,
        account.Sequence,
        account.SubEntries,
        account.InflationDestination,
        (uint)account.Flags,
        account.HomeDomain,
        account.Thresholds,
        account.Signers.Select(signer => new Signer(signer.Key, signer.Weight)).ToValueList(),
        ExtensionOf(account));

    private static AccountEntryExtension? ExtensionOf(Account account)
    {
        if (account.Extension == 0)
        {
            return null;
        }

        var sequence = account.Extension < 3
            ? null
            : new AccountEntryExtensionV3(account.SequenceLedger, account.SequenceTime);
        var sponsoring = account.Extension < 2
            ? null
            : new AccountEntryExtensionV2(
                account.Sponsored,
                account.Sponsoring,
                account.Signers.Select(signer => new SignerSponsor(signer.Sponsor)).ToValueList(),
                sequence);
        return new AccountEntryExtension(
            new Liabilities(account.BuyingLiabilities, account.SellingLiabilities), sponsoring);
    }
}
