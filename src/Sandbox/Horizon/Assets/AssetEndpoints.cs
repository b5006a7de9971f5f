using System.Text.Json;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Assets;

/// <summary>Issued assets with how many hold how much of them.</summary>
internal static class AssetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapStatePage("/assets", List);

    private static FetchPage List(HorizonRequest request)
    {
        var code = request.Text("asset_code");
        var issuer = request.Account("asset_issuer");
        return page => request.Network.Read(request.AsOf, state => StatePage.Of(
                Collect(state, asset => (code.Length == 0 || asset.Code.ToString() == code)
                    && (issuer is null || asset.Issuer == issuer)),
                page,
                statistics => statistics.Token,
                StringComparer.Ordinal)
            .ConvertAll(statistics =>
            {
                var account = state.Account(statistics.Asset.Issuer);
                return new PageRecord(
                    statistics.Token, json => Write(json, statistics, account?.Flags ?? 0, account?.HomeDomain.ToString() ?? ""));
            }));
    }

    private static IReadOnlyCollection<AssetStatistics> Collect(StateView state, Func<Asset, bool> filter)
    {
        var all = new Dictionary<Asset, AssetStatistics>();
        foreach (var line in state.TrustLines)
        {
            if (filter(line.Asset))
            {
                Of(line.Asset).Add(line);
            }
        }

        foreach (var balance in state.ClaimableBalances)
        {
            if (!balance.Asset.IsNative && filter(balance.Asset))
            {
                Of(balance.Asset).Add(balance);
            }
        }

        return all.Values;

        AssetStatistics Of(Asset asset)
        {
            if (!all.TryGetValue(asset, out var statistics))
            {
                statistics = new AssetStatistics(asset);
                all.Add(asset, statistics);
            }

            return statistics;
        }
    }

    private static void Write(Utf8JsonWriter json, AssetStatistics statistics, AccountFlags flags, string homeDomain)
    {
        json.WriteStartObject();
        json.WriteStartObject("_links");
        json.WriteStartObject("toml");
        json.WriteString("href", homeDomain.Length > 0 ? $"https://{homeDomain}/.well-known/stellar.toml" : "");
        json.WriteEndObject();
        json.WriteEndObject();
        AssetNames.Of(statistics.Asset).Write(json);
        json.WriteString("paging_token", statistics.Token);
        json.WriteNumber("num_claimable_balances", statistics.ClaimableBalances);
        json.WriteNumber("num_liquidity_pools", 0);
        json.WriteNumber("num_contracts", 0);
        json.WriteStartObject("accounts");
        json.WriteNumber("authorized", statistics.Authorized.Count);
        json.WriteNumber("authorized_to_maintain_liabilities", statistics.Maintaining.Count);
        json.WriteNumber("unauthorized", statistics.Unauthorized.Count);
        json.WriteEndObject();
        json.WriteString("claimable_balances_amount", HorizonJson.AmountText(statistics.Claimable));
        json.WriteAmount("liquidity_pools_amount", 0);
        json.WriteAmount("contracts_amount", 0);
        json.WriteStartObject("balances");
        json.WriteString("authorized", HorizonJson.AmountText(statistics.Authorized.Sum));
        json.WriteString("authorized_to_maintain_liabilities", HorizonJson.AmountText(statistics.Maintaining.Sum));
        json.WriteString("unauthorized", HorizonJson.AmountText(statistics.Unauthorized.Sum));
        json.WriteEndObject();
        AccountJson.WriteFlags(json, flags);
        json.WriteEndObject();
    }
}
