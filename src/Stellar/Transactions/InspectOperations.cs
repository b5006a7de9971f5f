using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;
using static StellarPay.Stellar.Transactions.InspectText;

namespace StellarPay.Stellar.Transactions;

/// <summary>How <see cref="Inspect"/> shows operations: type and fields by the names that Horizon uses.</summary>
internal static class InspectOperations
{
    public static JsonNode Of(Operation operation)
    {
        var json = new JsonObject { ["type"] = Name(operation.Body.Type) };
        if (operation.Source is { } source)
            json["source"] = source.ToString();
        foreach (var (name, value) in Fields(operation.Body))
            json[name] = value;
        return json;
    }

    private static IEnumerable<(string Name, JsonNode? Value)> Fields(OperationBody body) => body switch
    {
        CreateAccountOperation or PaymentOperation or PathPaymentStrictReceiveOperation
            or PathPaymentStrictSendOperation or AccountMergeOperation => Payment(body),
        ManageSellOfferOperation or ManageBuyOfferOperation or CreatePassiveSellOfferOperation
            or LiquidityPoolDepositOperation or LiquidityPoolWithdrawOperation => Trade(body),
        SetOptionsOperation options => Options(options),
        ManageDataOperation or BumpSequenceOperation or ChangeTrustOperation or AllowTrustOperation
            or SetTrustLineFlagsOperation or ClawbackOperation => Account(body),
        CreateClaimableBalanceOperation or ClaimClaimableBalanceOperation or ClawbackClaimableBalanceOperation
            or BeginSponsoringFutureReservesOperation or RevokeSponsorshipOperation => Reserve(body),
        InvokeHostFunctionOperation or ExtendFootprintTtlOperation => InspectContracts.Fields(body),
        _ => [],
    };

    private static IEnumerable<(string Name, JsonNode? Value)> Payment(OperationBody body) => body switch
    {
        CreateAccountOperation op =>
        [
            ("destination", op.Destination.ToString()), ("starting_balance", Amount(op.StartingBalance)),
        ],
        PaymentOperation op =>
        [
            ("destination", op.Destination.ToString()), ("asset", op.Asset.ToString()), ("amount", Amount(op.Amount)),
        ],
        PathPaymentStrictReceiveOperation op =>
        [
            ("send_asset", op.SendAsset.ToString()), ("send_max", Amount(op.SendMax)),
            ("destination", op.Destination.ToString()), ("dest_asset", op.DestAsset.ToString()),
            ("dest_amount", Amount(op.DestAmount)), ("path", Array(op.Path, asset => asset.ToString())),
        ],
        PathPaymentStrictSendOperation op =>
        [
            ("send_asset", op.SendAsset.ToString()), ("send_amount", Amount(op.SendAmount)),
            ("destination", op.Destination.ToString()), ("dest_asset", op.DestAsset.ToString()),
            ("dest_min", Amount(op.DestMin)), ("path", Array(op.Path, asset => asset.ToString())),
        ],
        AccountMergeOperation op => [("destination", op.Destination.ToString())],
        _ => [],
    };

    private static IEnumerable<(string Name, JsonNode? Value)> Trade(OperationBody body) => body switch
    {
        ManageSellOfferOperation op =>
        [
            ("selling", op.Selling.ToString()), ("buying", op.Buying.ToString()), ("amount", Amount(op.Amount)),
            ("price", Price(op.Price)), ("offer_id", Number(op.OfferId)),
        ],
        ManageBuyOfferOperation op =>
        [
            ("selling", op.Selling.ToString()), ("buying", op.Buying.ToString()), ("buy_amount", Amount(op.BuyAmount)),
            ("price", Price(op.Price)), ("offer_id", Number(op.OfferId)),
        ],
        CreatePassiveSellOfferOperation op =>
        [
            ("selling", op.Selling.ToString()), ("buying", op.Buying.ToString()), ("amount", Amount(op.Amount)),
            ("price", Price(op.Price)),
        ],
        LiquidityPoolDepositOperation op =>
        [
            ("liquidity_pool_id", op.PoolId.ToString()), ("max_amount_a", Amount(op.MaxAmountA)),
            ("max_amount_b", Amount(op.MaxAmountB)), ("min_price", Price(op.MinPrice)), ("max_price", Price(op.MaxPrice)),
        ],
        LiquidityPoolWithdrawOperation op =>
        [
            ("liquidity_pool_id", op.PoolId.ToString()), ("shares", Amount(op.Amount)),
            ("min_amount_a", Amount(op.MinAmountA)), ("min_amount_b", Amount(op.MinAmountB)),
        ],
        _ => [],
    };

    private static IEnumerable<(string Name, JsonNode? Value)> Options(SetOptionsOperation op)
    {
        // What stays as it is isn't shown.
        (string Name, JsonNode? Value)[] all =
        [
            ("inflation_destination", op.InflationDestination?.ToString()),
            ("clear_flags", op.ClearFlags is { } clear ? Flags<AccountFlags>(clear) : null),
            ("set_flags", op.SetFlags is { } set ? Flags<AccountFlags>(set) : null),
            ("master_weight", op.MasterWeight),
            ("low_threshold", op.LowThreshold),
            ("medium_threshold", op.MediumThreshold),
            ("high_threshold", op.HighThreshold),
            ("home_domain", Text(op.HomeDomain)),
            ("signer", op.Signer is { } signer
                ? new JsonObject { ["key"] = Signer(signer.Key), ["weight"] = signer.Weight }
                : null),
        ];
        return all.Where(field => field.Value is not null);
    }

    private static IEnumerable<(string Name, JsonNode? Value)> Account(OperationBody body) => body switch
    {
        ManageDataOperation op => [("name", Text(op.Name)), ("value_base64", Base64(op.Value))],
        BumpSequenceOperation op => [("bump_to", Number(op.BumpTo))],
        ChangeTrustOperation op => [("asset", Line(op.Line)), ("limit", Amount(op.Limit))],
        AllowTrustOperation op =>
        [
            ("trustor", op.Trustor.ToString()), ("asset_code", op.Code.ToString()),
            ("authorize", Flags<TrustLineFlags>(op.Authorize)),
        ],
        SetTrustLineFlagsOperation op =>
        [
            ("trustor", op.Trustor.ToString()), ("asset", op.Asset.ToString()),
            ("clear_flags", Flags<TrustLineFlags>(op.ClearFlags)), ("set_flags", Flags<TrustLineFlags>(op.SetFlags)),
        ],
        ClawbackOperation op =>
        [
            ("asset", op.Asset.ToString()), ("from", op.From.ToString()), ("amount", Amount(op.Amount)),
        ],
        _ => [],
    };

    private static IEnumerable<(string Name, JsonNode? Value)> Reserve(OperationBody body) => body switch
    {
        CreateClaimableBalanceOperation op =>
        [
            ("asset", op.Asset.ToString()), ("amount", Amount(op.Amount)), ("claimants", Array(op.Claimants, Claimant)),
        ],
        ClaimClaimableBalanceOperation op => [("balance_id", op.BalanceId.ToString())],
        ClawbackClaimableBalanceOperation op => [("balance_id", op.BalanceId.ToString())],
        BeginSponsoringFutureReservesOperation op => [("sponsored_id", op.SponsoredId.ToString())],
        RevokeSponsorshipOperation { Entry: { } entry } => [("ledger_key", InspectContracts.Key(entry))],
        RevokeSponsorshipOperation { Signer: { } signer } =>
        [
            ("signer_account", signer.Account.ToString()), ("signer_key", Signer(signer.Key)),
        ],
        _ => [],
    };

    private static JsonObject Claimant(Claimant claimant) => new()
    {
        ["destination"] = claimant.Destination.ToString(),
        ["predicate"] = Predicate(claimant.Predicate),
    };

    private static JsonNode Line(ChangeTrustAsset line) => line.Pool is { } pool
        ? new JsonObject
        {
            ["asset_a"] = pool.AssetA.ToString(),
            ["asset_b"] = pool.AssetB.ToString(),
            ["fee_basis_points"] = pool.FeeBasisPoints,
        }
        : line.Asset.GetValueOrDefault().ToString();

    private static string? Base64(Bytes? bytes) => bytes is { } value ? Convert.ToBase64String(value.AsSpan()) : null;
}
