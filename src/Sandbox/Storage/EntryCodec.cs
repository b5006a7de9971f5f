using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>Entries of the ledger to bytes and back. The numbers of the kinds are a contract with the files.</summary>
internal static class EntryCodec
{
    private const int AccountKind = 1;
    private const int TrustLineKind = 2;
    private const int OfferKind = 3;
    private const int DataKind = 4;
    private const int BalanceKind = 5;

    public static void Write(XdrWriter writer, LedgerObject entry)
    {
        writer.WriteInt32(entry switch
        {
            Account => AccountKind,
            TrustLine => TrustLineKind,
            Offer => OfferKind,
            NamedData => DataKind,
            ClaimableBalance => BalanceKind,
            _ => throw new InvalidOperationException($"Entries of type {entry.GetType().Name} are not stored."),
        });
        writer.WriteUInt32(entry.LastModified);
        writer.WriteOptional(entry.Sponsor);
        writer.WriteBool(entry.WasEverSponsored);
        switch (entry)
        {
            case Account account:
                WriteAccount(writer, account);
                break;
            case TrustLine line:
                WriteTrustLine(writer, line);
                break;
            case Offer offer:
                WriteOffer(writer, offer);
                break;
            case NamedData data:
                data.Account.Write(writer);
                WriteText(writer, data.Name);
                writer.WriteVariable(data.Value.AsSpan());
                break;
            case ClaimableBalance balance:
                balance.Id.Write(writer);
                writer.WriteList(balance.Claimants);
                balance.Asset.Write(writer);
                writer.WriteInt64(balance.Amount);
                writer.WriteBool(balance.IsClawbackEnabled);
                break;
        }
    }

    public static LedgerObject Read(ref XdrReader reader)
    {
        var kind = reader.ReadInt32();
        var lastModified = reader.ReadUInt32();
        var sponsor = reader.ReadOptionalValue<AccountId>();
        var wasEverSponsored = reader.ReadBool();
        LedgerObject entry = kind switch
        {
            AccountKind => ReadAccount(ref reader),
            TrustLineKind => ReadTrustLine(ref reader),
            OfferKind => ReadOffer(ref reader),
            DataKind => new NamedData
            {
                Account = AccountId.Read(ref reader),
                Name = ReadText(ref reader),
                Value = Bytes.Create(reader.ReadVariable()),
            },
            BalanceKind => new ClaimableBalance
            {
                Id = Hash.Read(ref reader),
                Claimants = reader.ReadList<Claimant>(),
                Asset = Asset.Read(ref reader),
                Amount = reader.ReadInt64(),
                IsClawbackEnabled = reader.ReadBool(),
            },
            _ => throw new InvalidDataException($"There is no kind {kind} of entry."),
        };
        return entry with { LastModified = lastModified, Sponsor = sponsor, WasEverSponsored = wasEverSponsored };
    }

    private static void WriteAccount(XdrWriter writer, Account account)
    {
        account.Id.Write(writer);
        writer.WriteInt64(account.Balance);
        writer.WriteInt64(account.Sequence);
        writer.WriteUInt32(account.SubEntries);
        writer.WriteOptional(account.InflationDestination);
        writer.WriteUInt32((uint)account.Flags);
        WriteText(writer, account.HomeDomain);
        writer.WriteFixed(
            [account.Thresholds.Master, account.Thresholds.Low, account.Thresholds.Medium, account.Thresholds.High]);
        writer.WriteInt64(account.BuyingLiabilities);
        writer.WriteInt64(account.SellingLiabilities);
        writer.WriteUInt32(account.Sponsored);
        writer.WriteUInt32(account.Sponsoring);
        writer.WriteUInt32(account.SequenceLedger);
        writer.WriteUInt64(account.SequenceTime);
        writer.WriteUInt32(account.Extension);
        writer.WriteLength(account.Signers.Count, Account.MaximumSigners);
        foreach (var signer in account.Signers)
        {
            signer.Key.Write(writer);
            writer.WriteUInt32(signer.Weight);
            writer.WriteOptional(signer.Sponsor);
        }
    }

    private static Account ReadAccount(ref XdrReader reader)
    {
        var account = new Account
        {
            Id = AccountId.Read(ref reader),
            Balance = reader.ReadInt64(),
            Sequence = reader.ReadInt64(),
            SubEntries = reader.ReadUInt32(),
            InflationDestination = reader.ReadOptionalValue<AccountId>(),
            Flags = (AccountFlag)reader.ReadUInt32(),
            HomeDomain = ReadText(ref reader),
            Thresholds = ReadThresholds(ref reader),
            BuyingLiabilities = reader.ReadInt64(),
            SellingLiabilities = reader.ReadInt64(),
            Sponsored = reader.ReadUInt32(),
            Sponsoring = reader.ReadUInt32(),
            SequenceLedger = reader.ReadUInt32(),
            SequenceTime = reader.ReadUInt64(),
            Extension = (byte)reader.ReadUInt32(),
        };
        var signers = new AccountSigner[reader.ReadLength(Account.MaximumSigners, sizeof(int))];
        for (var i = 0; i < signers.Length; i++)
        {
            signers[i] = new AccountSigner(
                SignerKey.Read(ref reader), reader.ReadUInt32(), reader.ReadOptionalValue<AccountId>());
        }

        return account with { Signers = [.. signers] };
    }

    private static Thresholds ReadThresholds(ref XdrReader reader)
    {
        var bytes = reader.ReadFixed(sizeof(int));
        return new Thresholds(bytes[0], bytes[1], bytes[2], bytes[3]);
    }

    private static void WriteTrustLine(XdrWriter writer, TrustLine line)
    {
        line.Account.Write(writer);
        line.Asset.Write(writer);
        writer.WriteInt64(line.Balance);
        writer.WriteInt64(line.Limit);
        writer.WriteUInt32((uint)line.Flags);
        writer.WriteInt64(line.BuyingLiabilities);
        writer.WriteInt64(line.SellingLiabilities);
        writer.WriteUInt32(line.Extension);
    }

    private static TrustLine ReadTrustLine(ref XdrReader reader) => new()
    {
        Account = AccountId.Read(ref reader),
        Asset = Asset.Read(ref reader),
        Balance = reader.ReadInt64(),
        Limit = reader.ReadInt64(),
        Flags = (TrustLineFlag)reader.ReadUInt32(),
        BuyingLiabilities = reader.ReadInt64(),
        SellingLiabilities = reader.ReadInt64(),
        Extension = (byte)reader.ReadUInt32(),
    };

    private static void WriteOffer(XdrWriter writer, Offer offer)
    {
        offer.Seller.Write(writer);
        writer.WriteInt64(offer.Id);
        offer.Selling.Write(writer);
        offer.Buying.Write(writer);
        writer.WriteInt64(offer.Amount);
        offer.Price.Write(writer);
        writer.WriteUInt32(offer.Flags);
    }

    private static Offer ReadOffer(ref XdrReader reader) => new()
    {
        Seller = AccountId.Read(ref reader),
        Id = reader.ReadInt64(),
        Selling = Asset.Read(ref reader),
        Buying = Asset.Read(ref reader),
        Amount = reader.ReadInt64(),
        Price = Price.Read(ref reader),
        Flags = reader.ReadUInt32(),
    };

    private static void WriteText(XdrWriter writer, XdrString text) => writer.WriteVariable(text.Bytes.AsSpan());

    private static XdrString ReadText(ref XdrReader reader) => new(Bytes.Create(reader.ReadVariable()));
}
