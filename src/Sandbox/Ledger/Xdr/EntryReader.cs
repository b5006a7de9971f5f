using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The state's entries from XDR.</summary>
internal static class EntryReader
{
    public static LedgerObject From(LedgerEntry entry)
    {
        var read = From(entry.Data) with
        {
            Sponsor = entry.Sponsorship?.Sponsor,
            WasEverSponsored = entry.Sponsorship is not null,
        };
        read.LastModified = entry.LastModified;
        return read;
    }

    private static LedgerObject From(LedgerEntryData data) => data switch
    {
        AccountEntry account => From(account),
        TrustLineEntry { Asset.Asset: { } asset } line => new TrustLine
        {
            Account = line.Account,
            Asset = asset,
            Balance = line.Balance,
            Limit = line.Limit,
            Flags = (TrustLineFlags)line.Flags,
            BuyingLiabilities = line.Extension?.Liabilities.Buying ?? 0,
            SellingLiabilities = line.Extension?.Liabilities.Selling ?? 0,
            Extension = (byte)(line.Extension is null ? 0 : 1),
        },
        OfferEntry offer => new Offer
        {
            Seller = offer.Seller,
            Id = offer.OfferId,
            Selling = offer.Selling,
            Buying = offer.Buying,
            Amount = offer.Amount,
            Price = offer.Price,
            Flags = (OfferFlags)offer.Flags,
        },
        DataEntry named => new NamedData { Account = named.Account, Name = named.Name, Value = named.Value },
        ClaimableBalanceEntry balance => new ClaimableBalance
        {
            Id = balance.BalanceId.Hash,
            Claimants = balance.Claimants,
            Asset = balance.Asset,
            Amount = balance.Amount,
            IsClawbackEnabled = balance.Flags is > 0,
        },
        _ => throw new LedgerFault("an entry that this ledger does not keep"),
    };

    private static byte ExtensionOf(AccountEntryExtension? extension) => extension switch
    {
        null => 0,
        { V2: null } => 1,
        { V2.V3: null } => 2,
        _ => 3,
    };

    private static Account From(AccountEntry account)
    {
        var sponsoring = account.Extension?.V2;
        var sequence = sponsoring?.V3;
        return new Account
        {
            Id = account.Account,
            Balance = account.Balance,
            Sequence = account.Sequence,
            SubEntries = account.SubEntries,
            InflationDestination = account.InflationDestination,
            Flags = (AccountFlags)account.Flags,
            HomeDomain = account.HomeDomain,
            Thresholds = account.Thresholds,
            Signers = account.Signers
                .Select((signer, i) => new AccountSigner(
                    signer.Key, signer.Weight, sponsoring?.SignerSponsors[i].Sponsor))
                .ToValueList(),
            BuyingLiabilities = account.Extension?.Liabilities.Buying ?? 0,
            SellingLiabilities = account.Extension?.Liabilities.Selling ?? 0,
            Sponsored = sponsoring?.Sponsored ?? 0,
            Sponsoring = sponsoring?.Sponsoring ?? 0,
            SequenceLedger = sequence?.SequenceLedger ?? 0,
            SequenceTime = sequence?.SequenceTime ?? 0,
            Extension = ExtensionOf(account.Extension),
        };
    }
}
