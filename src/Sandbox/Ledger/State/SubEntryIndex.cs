using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Which trustlines, offers and data an account has, so that nothing has to look through all of them.
/// </summary>
internal sealed class SubEntryIndex
{
    private readonly Dictionary<AccountId, Owned> _owned = [];

    public IReadOnlyList<Asset> TrustLines(AccountId account) =>
        _owned.TryGetValue(account, out var owned) ? owned.TrustLines : [];

    public IReadOnlyList<long> Offers(AccountId account) =>
        _owned.TryGetValue(account, out var owned) && owned.Offers is not null ? owned.Offers : [];

    public IReadOnlyList<XdrString> Data(AccountId account) =>
        _owned.TryGetValue(account, out var owned) && owned.Data is not null ? owned.Data : [];

    public void Add(LedgerObject entry)
    {
        switch (entry)
        {
            case TrustLine line:
                Of(line.Account).TrustLines.Add(line.Asset);
                break;
            case Offer offer:
                (Of(offer.Seller).Offers ??= []).Add(offer.Id);
                break;
            case NamedData data:
                (Of(data.Account).Data ??= []).Add(data.Name);
                break;
        }
    }

    public void Remove(LedgerObject entry)
    {
        switch (entry)
        {
            case TrustLine line:
                Of(line.Account).TrustLines.Remove(line.Asset);
                break;
            case Offer offer:
                Of(offer.Seller).Offers!.Remove(offer.Id);
                break;
            case NamedData data:
                Of(data.Account).Data!.Remove(data.Name);
                break;
        }
    }

    private Owned Of(AccountId account)
    {
        if (!_owned.TryGetValue(account, out var owned))
        {
            owned = new Owned();
            _owned.Add(account, owned);
        }

        return owned;
    }

    private sealed class Owned
    {
        public List<Asset> TrustLines { get; } = new(1);

        public List<long>? Offers { get; set; }

        public List<XdrString>? Data { get; set; }
    }
}
