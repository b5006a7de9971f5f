using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;

namespace StellarPay.Sandbox.Horizon.Root;

/// <summary>What this server is, of which network, and where everything is; and whether it is well.</summary>
internal static class RootEndpoints
{
    private static readonly string Version =
        typeof(RootEndpoints).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static readonly (string Name, string Path)[] Links =
    [
        ("account", "/accounts/{account_id}"),
        ("accounts", "/accounts{?signer,sponsor,asset,liquidity_pool,cursor,limit,order}"),
        ("account_transactions", "/accounts/{account_id}/transactions{?cursor,limit,order}"),
        ("claimable_balances", "/claimable_balances{?asset,sponsor,claimant,cursor,limit,order}"),
        ("assets", "/assets{?asset_code,asset_issuer,cursor,limit,order}"),
        ("effects", "/effects{?cursor,limit,order}"),
        ("fee_stats", "/fee_stats"),
        ("friendbot", "/friendbot{?addr}"),
        ("ledger", "/ledgers/{sequence}"),
        ("ledgers", "/ledgers{?cursor,limit,order}"),
        ("liquidity_pools", "/liquidity_pools{?reserves,account,cursor,limit,order}"),
        ("offer", "/offers/{offer_id}"),
        ("offers", "/offers{?selling,buying,seller,sponsor,cursor,limit,order}"),
        ("operation", "/operations/{id}"),
        ("operations", "/operations{?cursor,limit,order,include_failed}"),
        ("order_book", "/order_book{?selling_asset_type,selling_asset_code,selling_asset_issuer,buying_asset_type," +
            "buying_asset_code,buying_asset_issuer,limit}"),
        ("payments", "/payments{?cursor,limit,order,include_failed}"),
        ("self", "/"),
        ("strict_receive_paths", "/paths/strict-receive{?source_assets,source_account,destination_account," +
            "destination_asset_type,destination_asset_issuer,destination_asset_code,destination_amount}"),
        ("strict_send_paths", "/paths/strict-send{?destination_account,destination_assets,source_asset_type," +
            "source_asset_issuer,source_asset_code,source_amount}"),
        ("trade_aggregations", "/trade_aggregations?base_asset_type={base_asset_type}&base_asset_code={base_asset_code}" +
            "&base_asset_issuer={base_asset_issuer}&counter_asset_type={counter_asset_type}" +
            "&counter_asset_code={counter_asset_code}&counter_asset_issuer={counter_asset_issuer}"),
        ("trades", "/trades?base_asset_type={base_asset_type}&base_asset_code={base_asset_code}" +
            "&base_asset_issuer={base_asset_issuer}&counter_asset_type={counter_asset_type}" +
            "&counter_asset_code={counter_asset_code}&counter_asset_issuer={counter_asset_issuer}"),
        ("transaction", "/transactions/{hash}"),
        ("transactions", "/transactions{?cursor,limit,order}"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapObject("/", Root);
        routes.MapObject("/health", static _ => static json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("database_connected", true);
            json.WriteBoolean("core_up", true);
            json.WriteBoolean("core_synced", true);
            json.WriteEndObject();
        });
    }

    private static Action<Utf8JsonWriter> Root(HorizonRequest request)
    {
        var latest = request.Network.History.Latest;
        return json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("_links");
            foreach (var (name, path) in Links)
            {
                if (path.Contains('{', StringComparison.Ordinal))
                {
                    request.Links.WriteTemplate(json, name, path);
                }
                else
                {
                    request.Links.Write(json, name, path);
                }
            }

            json.WriteEndObject();
            json.WriteString("horizon_version", "stellarpay-sandbox-" + Version);
            json.WriteString("core_version", "stellarpay-sandbox-" + Version);
            json.WriteNumber("ingest_latest_ledger", latest.Sequence);
            json.WriteNumber("history_latest_ledger", latest.Sequence);
            json.WriteTime("history_latest_ledger_closed_at", latest.ClosedAt);
            json.WriteNumber("history_elder_ledger", 1);
            json.WriteNumber("core_latest_ledger", latest.Sequence);
            json.WriteString("network_passphrase", request.Network.Identity.Passphrase);
            json.WriteNumber("current_protocol_version", latest.Protocol);
            json.WriteNumber("supported_protocol_version", HeaderState.Protocol);
            json.WriteNumber("core_supported_protocol_version", HeaderState.Protocol);
            json.WriteEndObject();
        };
    }
}
