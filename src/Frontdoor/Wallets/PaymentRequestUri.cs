using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Money;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Sep7;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A request to pay a wallet, as a URI that Stellar wallets understand (SEP-7, operation pay).</summary>
internal sealed class PaymentRequestUri(string networkPassphrase)
{
    private readonly StellarNetwork _network = new(networkPassphrase);

    /// <summary>The URI, or why there is none.</summary>
    public (string? Uri, Problem? Problem) To(WalletView wallet, string? amount, string? asset)
    {
        if (wallet.Address is not { } address)
        {
            return (null, ConfirmedOnly.Refusal);
        }

        long? stroops = null;
        if (amount is not null)
        {
            if (!Amount.TryParseStroops(amount, out var asked) || asked == 0)
            {
                return (null, Problem.Invalid(
                    "amount_invalid", "'amount' is a decimal number above zero with at most seven places.", "amount"));
            }

            stroops = asked;
        }

        if (FindAsset(wallet, asset) is not { } found)
        {
            return (null, Problem.Invalid("asset_unknown", "'asset' is not an asset that this wallet holds.", "asset"));
        }

        var request = new PayRequest(address)
        {
            Amount = stroops,
            Asset = found.IsNative ? Stellar.Xdr.Asset.Native : Stellar.Xdr.Asset.Parse(found.Canonical),
            Network = _network,
        };
        return (request.ToString(), null);
    }

    private static Grains.Money.Asset? FindAsset(WalletView wallet, string? asked)
    {
        if (asked is null or "XLM" or "native")
        {
            return Grains.Money.Asset.Native;
        }

        var held = wallet.Balances.Select(balance => balance.Asset)
            .Where(held => !held.IsNative && (held.Code == asked || held.Canonical == asked))
            .Take(2).ToArray();
        return held.Length == 1 ? held[0] : null;
    }
}
