using System.Text.Json;
using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Horizon;

/// <summary>
/// The members that Horizon's published OpenAPI description has for each resource, with their types, noted from it by
/// hand. Where the description misspells a member or has another type than Horizon answers and its SDKs read
/// ("num_sponsered", "buying_liabilites", "pre_hash", a type_i of type string), the note is of the answer.
/// </summary>
public sealed class PublishedShapeTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Operation =
        "_links:object id:string paging_token:string transaction_successful:boolean source_account:string type:string " +
        "type_i:number created_at:string transaction_hash:string ";

    private const string Effect =
        "_links:object id:string paging_token:string account:string type:string type_i:number created_at:string ";

    private const string Transaction =
        "_links:object id:string paging_token:string successful:boolean hash:string ledger:number created_at:string " +
        "source_account:string source_account_sequence:string fee_account:string fee_charged:string max_fee:string " +
        "operation_count:number envelope_xdr:string result_xdr:string result_meta_xdr:string fee_meta_xdr:string " +
        "memo_type:string signatures:array";

    private const string Ledger =
        "_links:object id:string paging_token:string hash:string prev_hash:string sequence:number " +
        "successful_transaction_count:number failed_transaction_count:number operation_count:number " +
        "tx_set_operation_count:number closed_at:string total_coins:string fee_pool:string base_fee_in_stroops:number " +
        "base_reserve_in_stroops:number max_tx_set_size:number protocol_version:number header_xdr:string";

    private const string Offer =
        "_links:object id:string paging_token:string seller:string selling:object buying:object amount:string " +
        "price_r:object price:string last_modified_ledger:number last_modified_time:string";

    private const string Balance =
        "_links:object id:string asset:string amount:string last_modified_ledger:number last_modified_time:string " +
        "claimants:array flags:object paging_token:string";

    private const string Trade =
        "_links:object id:string paging_token:string ledger_close_time:string offer_id:string trade_type:string " +
        "base_offer_id:string base_account:string base_amount:string base_asset_type:string counter_offer_id:string " +
        "counter_account:string counter_amount:string counter_asset_type:string base_is_seller:boolean price:object";

    private const string Fees =
        "max:string min:string mode:string p10:string p20:string p30:string p40:string p50:string p60:string p70:string " +
        "p80:string p90:string p95:string p99:string";

    private const string Path =
        "source_asset_type:string source_amount:string destination_asset_type:string destination_amount:string path:array";

    private static readonly (string Path, string Members)[] Published =
    [
        ("/accounts/{0}", "_links:object id:string account_id:string sequence:string sequence_ledger:number " +
            "sequence_time:string subentry_count:number home_domain:string last_modified_ledger:number " +
            "last_modified_time:string thresholds:object flags:object balances:array signers:array data:object " +
            "num_sponsoring:number num_sponsored:number paging_token:string"),
        ("/accounts?signer={0}", "id:string account_id:string sequence:string paging_token:string"),
        ("/accounts/{0}/data/note", "value:string"),
        ("/accounts/{0}/transactions", Transaction),
        ("/accounts/{0}/operations", Operation),
        ("/accounts/{0}/payments", Operation),
        ("/accounts/{0}/effects", Effect),
        ("/accounts/{0}/offers", Offer),
        ("/accounts/{0}/trades", Trade),
        ("/assets", "_links:object asset_type:string asset_code:string asset_issuer:string paging_token:string " +
            "accounts:object num_claimable_balances:number num_contracts:number num_liquidity_pools:number " +
            "balances:object claimable_balances_amount:string contracts_amount:string liquidity_pools_amount:string " +
            "flags:object"),
        ("/claimable_balances", Balance),
        ("/claimable_balances/{1}", Balance),
        ("/claimable_balances/{1}/operations", Operation),
        ("/claimable_balances/{1}/transactions", Transaction),
        ("/effects", Effect),
        ("/fee_stats", "last_ledger:string last_ledger_base_fee:string ledger_capacity_usage:string " +
            "fee_charged:object max_fee:object"),
        ("/ledgers", Ledger),
        ("/ledgers/2", Ledger),
        ("/ledgers/2/transactions", Transaction),
        ("/ledgers/2/operations", Operation),
        ("/ledgers/2/payments", Operation),
        ("/ledgers/2/effects", Effect),
        ("/offers", Offer),
        ("/offers/{2}", Offer),
        ("/offers/{2}/trades", Trade),
        ("/operations", Operation),
        ("/operations/{3}", Operation),
        ("/operations/{3}/effects", Effect),
        ("/payments", Operation),
        ("/trades", Trade),
        ("/transactions", Transaction),
        ("/transactions/{4}", Transaction),
        ("/transactions/{4}/operations", Operation),
        ("/transactions/{4}/payments", Operation),
        ("/transactions/{4}/effects", Effect),
        ("/order_book?selling_asset_type=native&buying_asset_type=credit_alphanum4&buying_asset_code=EUR" +
            "&buying_asset_issuer={5}", "bids:array asks:array base:object counter:object"),
        ("/trade_aggregations?resolution=60000&base_asset_type=native&counter_asset_type=credit_alphanum4" +
            "&counter_asset_code=EUR&counter_asset_issuer={5}", "timestamp:string trade_count:string base_volume:string " +
            "counter_volume:string avg:string high:string high_r:object low:string low_r:object open:string open_r:object " +
            "close:string close_r:object"),
        ("/paths/strict-receive?destination_asset_type=native&destination_amount=1&source_assets=EUR:{5}", Path),
        ("/paths/strict-send?source_asset_type=credit_alphanum4&source_asset_code=EUR&source_asset_issuer={5}" +
            "&source_amount=1&destination_assets=native", Path),
    ];

    [Fact]
    public async Task Every_resource_has_the_members_that_Horizon_publishes()
    {
        var ids = await StoryAsync();
        var missing = new List<string>();
        foreach (var (path, members) in Published)
        {
            var concrete = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, ids);
            var answer = await fixture.Sandbox.GetOkAsync(concrete[1..]);
            var resources = answer.TryGetProperty("_embedded", out _) ? TestSandbox.Records(answer) : [answer];
            resources.ShouldNotBeEmpty(concrete);
            missing.AddRange(resources.SelectMany(resource => Missing(concrete, resource, members)));
        }

        var fees = await fixture.Sandbox.GetOkAsync("fee_stats");
        missing.AddRange(Missing("fee_charged", fees.GetProperty("fee_charged"), Fees));
        missing.AddRange(Missing("max_fee", fees.GetProperty("max_fee"), Fees));
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_kind_of_operation_has_the_members_that_Horizon_publishes_for_it()
    {
        var ids = await StoryAsync();
        var operations = await fixture.Sandbox.ListAsync($"accounts/{ids[0]}/operations?limit=200");
        var kinds = new Dictionary<string, string>
        {
            ["create_account"] = "starting_balance:string funder:string account:string",
            ["payment"] = "asset_type:string from:string to:string amount:string",
            ["manage_data"] = "name:string value:string",
            ["manage_sell_offer"] = "amount:string price:string price_r:object buying_asset_type:string " +
                "selling_asset_type:string selling_asset_code:string selling_asset_issuer:string offer_id:string",
            ["change_trust"] = "asset_type:string asset_code:string asset_issuer:string limit:string trustee:string " +
                "trustor:string",
            ["set_options"] = "home_domain:string",
            ["create_claimable_balance"] = "asset:string amount:string claimants:array",
            ["path_payment_strict_send"] = "asset_type:string from:string to:string amount:string path:array " +
                "source_amount:string destination_min:string source_asset_type:string",
            ["account_merge"] = "account:string into:string",
        };
        foreach (var (kind, members) in kinds)
        {
            var operation = operations.First(one => one.GetProperty("type").GetString() == kind);
            Missing(kind, operation, Operation + members).ShouldBeEmpty();
        }
    }

    /// <summary>One of everything, for one account.</summary>
    private async Task<object[]> StoryAsync()
    {
        var sandbox = fixture.Sandbox;
        using var issuer = await sandbox.FundAsync();
        using var user = await sandbox.FundAsync();
        using var taker = await sandbox.FundAsync();
        using var gone = await sandbox.FundAsync();
        var eur = Asset.Credit("EUR", issuer.AccountId);
        await sandbox.SubmitOkAsync(
            user,
            new ChangeTrustOperation(eur, long.MaxValue),
            new ManageDataOperation("note", Bytes.Create("value"u8)),
            new SetOptionsOperation(null, null, null, null, null, null, null, "example.org", null),
            new CreateClaimableBalanceOperation(
                Asset.Native, 10_000_000, [new Claimant(taker.AccountId, ClaimUnconditional.Instance)]));
        var paid = await sandbox.SubmitOkAsync(issuer, new PaymentOperation(user.AccountId, eur, 1_000_000_000));
        await sandbox.SubmitOkAsync(taker, new ChangeTrustOperation(eur, long.MaxValue));
        await sandbox.SubmitOkAsync(
            user, new ManageSellOfferOperation(eur, Asset.Native, 500_000_000, new Price(2, 1), 0));
        await sandbox.SubmitOkAsync(taker, new PathPaymentStrictSendOperation(
            Asset.Native, 100_000_000, user.AccountId, eur, 1, []));
        await sandbox.SubmitOkAsync(
            taker, new ManageSellOfferOperation(Asset.Native, eur, 100_000_000, new Price(1, 1), 0));
        await sandbox.SubmitOkAsync(gone, new AccountMergeOperation(user.AccountId));
        return
        [
            user.AccountId.ToString(),
            (await sandbox.ListAsync($"claimable_balances?claimant={taker.AccountId}"))[0].GetProperty("id").GetString()!,
            (await sandbox.ListAsync($"offers?seller={user.AccountId}"))[0].GetProperty("id").GetString()!,
            (await sandbox.ListAsync($"accounts/{user.AccountId}/operations"))[0].GetProperty("id").GetString()!,
            paid.GetProperty("hash").GetString()!,
            issuer.AccountId.ToString(),
        ];
    }

    private static IEnumerable<string> Missing(string where, JsonElement resource, string members)
    {
        foreach (var member in members.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, type) = (member[..member.IndexOf(':')], member[(member.IndexOf(':') + 1)..]);
            var found = resource.TryGetProperty(name, out var value) ? TypeOf(value) : "nothing";
            if (found != type)
            {
                yield return $"{where}: {name} is {found}, not {type}";
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };
}
