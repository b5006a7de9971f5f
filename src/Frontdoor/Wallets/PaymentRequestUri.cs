using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Money;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A request to pay as a URI that Stellar wallets understand (SEP-7, operation pay).</summary>
internal sealed class PaymentRequestUri(string networkPassphrase)
{
    /// <summary>The URI, or what is wrong with amount or asset.</summary>
    public (string? Uri, Problem? Problem) To(WalletView wallet, string? amount, string? asset)
    {
        var uri = $"web+stellar:pay?destination={wallet.Address}";
        if (amount is not null)
        {
            if (!Amount.TryParseStroops(amount, out var stroops) || stroops == 0)
            {
                return (null, Problem.Invalid(
                    "amount_invalid", "'amount' is a decimal number above zero with at most seven places.", "amount"));
            }

            uri += $"&amount={Amount.Format(stroops)}";
        }

        if (asset is not null and not "XLM" and not "native")
        {
            var held = wallet.Balances.Select(balance => balance.Asset)
                .Where(held => !held.IsNative && (held.Code == asset || held.Canonical == asset))
                .Take(2).ToArray();
            if (held.Length != 1)
            {
                return (null, Problem.Invalid("asset_unknown", "'asset' is not an asset that this wallet holds.", "asset"));
            }

            uri += $"&asset_code={held[0].Code}&asset_issuer={held[0].Issuer}";
        }

        // Left out for the public network, as SEP-7 says.
        return networkPassphrase == StellarNetwork.Public.Passphrase
            ? (uri, null)
            : (uri + $"&network_passphrase={Uri.EscapeDataString(networkPassphrase)}", null);
    }
}
