using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Money;
using StellarPay.Stellar;
using StellarPay.Stellar.Sep7;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>Requests to pay a session, as wallets understand them (SEP-7, operation pay).</summary>
internal sealed class CheckoutPayments(string passphrase, PaymentRequestSigner signer)
{
    private readonly StellarNetwork _network = new(passphrase);

    /// <summary>One for what is due in an asset.</summary>
    public string UriOf(CheckoutSale sale, SessionAssetAnswer due) => signer.Write(
        new PayRequest(sale.Session.PayTo.Address)
        {
            Amount = Amount.TryParseStroops(due.Amount, out var stroops) && stroops > 0 ? stroops : null,
            Asset = due.Issuer is { } issuer ? Stellar.Xdr.Asset.Parse($"{due.Asset}:{issuer}") : Stellar.Xdr.Asset.Native,
            Memo = new MemoText(sale.Session.PayTo.Memo),
            Network = _network,
        },
        sale.MerchantName);

    /// <summary>What is due now in the asset of a code, or in the first; null where nothing may be sent.</summary>
    public static SessionAssetAnswer? DueIn(PaymentSessionAnswer session, string? asset, DateTimeOffset now)
    {
        if (!CheckoutStates.IsPayable(session, now))
        {
            return null;
        }

        SessionAssetAnswer[] dues = [.. CheckoutStates.Dues(session)];
        return Array.Find(dues, due => due.Asset == asset) ?? dues.FirstOrDefault();
    }
}
