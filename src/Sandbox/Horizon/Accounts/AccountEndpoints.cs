using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;

namespace StellarPay.Sandbox.Horizon.Accounts;

/// <summary>Accounts by id, and by asset, signer or sponsor; an account's data.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapStatePage("/accounts", List);
        routes.MapObject("/accounts/{account_id}", Find, streams: true);
        routes.MapObject("/accounts/{account_id}/data/{key}", FindData, streams: true);
    }

    public static AccountView View(SandboxNetwork network, StateView state, Account account) => new(
        account,
        [.. state.TrustLinesOf(account.Id)
            .OrderBy(line => line.Asset.Code.ToString(), StringComparer.Ordinal)
            .ThenBy(line => line.Asset.Issuer.ToString(), StringComparer.Ordinal)],
        [.. state.DataOf(account.Id).OrderBy(data => data.Name)],
        network.History.Ledger(account.LastModified)?.ClosedAt);

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request)
    {
        if (request.Account("account_id") is not { } id)
        {
            return null;
        }

        var view = request.Network.Read(request.AsOf, state =>
            state.Account(id) is { } account ? View(request.Network, state, account) : null);
        return view is null ? null : json => AccountJson.Write(json, request.Links, view);
    }

    private static Action<Utf8JsonWriter>? FindData(HorizonRequest request)
    {
        if (request.Account("account_id") is not { } id)
        {
            return null;
        }

        var name = request.Text("key");
        var data = request.Network.Read(request.AsOf, state =>
            state.DataOf(id).FirstOrDefault(entry => entry.Name.ToString() == name));
        return data is null ? null : json =>
        {
            json.WriteStartObject();
            json.WriteString("value", Convert.ToBase64String(data.Value.AsSpan()));
            AccountJson.WriteSponsor(json, data);
            json.WriteEndObject();
        };
    }

    private static FetchPage? List(HorizonRequest request)
    {
        if (new[] { "signer", "sponsor", "asset", "liquidity_pool" }.Count(request.Has) != 1)
        {
            request.Refuse(HorizonProblem.InvalidAccountsParameters);
            return null;
        }

        if (request.Text("asset") == "native")
        {
            request.Refuse(HorizonProblem.InvalidField("asset", "you can't filter by asset: native"));
            return null;
        }

        if (Filter(request) is not { } filter)
        {
            return null;
        }

        return page => request.Network.Read(request.AsOf, state =>
            StatePage.Of(
                filter(state).Select(account => (Token: account.Id.ToString(), Account: account)),
                page,
                item => item.Token,
                StringComparer.Ordinal)
            .ConvertAll(item =>
            {
                var view = View(request.Network, state, item.Account);
                return new PageRecord(item.Token, json => AccountJson.Write(json, request.Links, view));
            }));
    }

    private static Func<StateView, IEnumerable<Account>>? Filter(HorizonRequest request)
    {
        if (request.Account("sponsor") is { } sponsor)
        {
            return state => state.Accounts.Where(account => account.Sponsor == sponsor
                || account.Signers.Any(signer => signer.Sponsor == sponsor)
                || (account.SubEntries > 0 && SponsorsSubEntry(state, account.Id, sponsor)));
        }

        if (request.Has("signer"))
        {
            var signer = request.Text("signer");
            return state => state.Accounts.Where(account =>
                (account.Thresholds.MasterWeight > 0 && account.Id.ToString() == signer)
                || account.Signers.Any(own => own.Key.ToStrKey() == signer));
        }

        if (request.Asset("asset") is { } asset)
        {
            return state => state.TrustLines.Where(line => line.Asset == asset)
                .Select(line => state.Account(line.Account))
                .OfType<Account>();
        }

        return request.Has("liquidity_pool") ? static _ => [] : null;
    }

    private static bool SponsorsSubEntry(StateView state, AccountId account, AccountId sponsor) =>
        state.TrustLinesOf(account).Any(line => line.Sponsor == sponsor)
        || state.OffersOf(account).Any(offer => offer.Sponsor == sponsor)
        || state.DataOf(account).Any(data => data.Sponsor == sponsor);
}
