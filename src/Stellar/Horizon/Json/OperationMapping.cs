using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>Picks the record for an operation's type.</summary>
internal static class OperationMapping
{
    internal static OperationRecord ToRecord(OperationJson json) => json.Type switch
    {
        "create_account" => CreateAccount(json),
        "payment" => Payment(json),
        "path_payment_strict_send" => PathPayment(json, strictSend: true),
        // Horizon before 1.0 called the second one path_payment.
        "path_payment_strict_receive" or "path_payment" => PathPayment(json, strictSend: false),
        "account_merge" => AccountMerge(json),
        "create_claimable_balance" => CreateClaimableBalance(json),
        "claim_claimable_balance" => ClaimClaimableBalance(json),
        "clawback" => Clawback(json),
        "clawback_claimable_balance" => new ClawbackClaimableBalanceRecord(HeaderOf(json), JsonField.Need(json.BalanceId, "balance_id")),
        "invoke_host_function" => InvokeHostFunction(json),
        "allow_trust" or "set_trust_line_flags" => TrustlineFlags(json),
        _ => Other(json),
    };

    private static CreateAccountRecord CreateAccount(OperationJson json) =>
        new(
            HeaderOf(json),
            JsonField.Muxed(json.Funder, json.FunderMuxedId, "funder"),
            JsonField.Account(json.Account, "account"),
            JsonField.Stroops(json.StartingBalance, "starting_balance"));

    private static PaymentRecord Payment(OperationJson json) =>
        new(HeaderOf(json), From(json), To(json), AssetOf(json), JsonField.Stroops(json.Amount, "amount"));

    private static PathPaymentRecord PathPayment(OperationJson json, bool strictSend) =>
        new(
            HeaderOf(json),
            From(json),
            To(json),
            JsonField.Asset(json.SourceAssetType, json.SourceAssetCode, json.SourceAssetIssuer, "source_asset_type"),
            JsonField.Stroops(json.SourceAmount, "source_amount"),
            AssetOf(json),
            JsonField.Stroops(json.Amount, "amount"),
            strictSend);

    private static AccountMergeRecord AccountMerge(OperationJson json) =>
        new(
            HeaderOf(json),
            JsonField.Muxed(json.Account, json.AccountMuxedId, "account"),
            JsonField.Muxed(json.Into, json.IntoMuxedId, "into"));

    private static CreateClaimableBalanceRecord CreateClaimableBalance(OperationJson json)
    {
        var claimants = JsonField.Need(json.Claimants, "claimants");
        return new(
            HeaderOf(json),
            JsonField.Asset(json.Asset, "asset"),
            JsonField.Stroops(json.Amount, "amount"),
            [
                .. claimants.Select(claimant => new CreatedClaimant(
                    JsonField.Account(claimant.Destination, "claimants.destination"), claimant.Predicate?.ToPredicateIfKnown())),
            ]);
    }

    private static ClaimClaimableBalanceRecord ClaimClaimableBalance(OperationJson json) =>
        new(
            HeaderOf(json),
            JsonField.Need(json.BalanceId, "balance_id"),
            JsonField.Muxed(json.Claimant, json.ClaimantMuxedId, "claimant"));

    private static ClawbackRecord Clawback(OperationJson json) =>
        new(HeaderOf(json), From(json), AssetOf(json), JsonField.Stroops(json.Amount, "amount"));

    private static InvokeHostFunctionRecord InvokeHostFunction(OperationJson json)
    {
        var (changes, unread) = BalanceChangeJson.Read(json.AssetBalanceChanges);
        return new(HeaderOf(json), json.Function ?? "", changes) { Unread = unread };
    }

    // CAP-18: only with this flag may the holder send and receive; the one that keeps his offers is not enough.
    private static TrustlineFlagsRecord TrustlineFlags(OperationJson json)
    {
        const uint Authorized = (uint)TrustLineFlags.Authorized;
        const uint Maintaining = (uint)TrustLineFlags.AuthorizedToMaintainLiabilities;
        var authorized = json.Type == "allow_trust" ? JsonField.Need(json.Authorize, "authorize")
            : json.SetFlags?.Contains(Authorized) is true ? true
            : json.ClearFlags?.Contains(Authorized) is true || json.SetFlags?.Contains(Maintaining) is true ? false
            : (bool?)null;
        return new(HeaderOf(json), JsonField.Account(json.Trustor, "trustor"), AssetOf(json), authorized);
    }

    private static OtherOperationRecord Other(OperationJson json) =>
        new(HeaderOf(json), JsonSerializer.SerializeToElement(json, HorizonJson.Default.OperationJson));

    private static OperationHeader HeaderOf(OperationJson json) => new(
        JsonField.Int64(json.Id, "id"),
        JsonField.Need(json.PagingToken, "paging_token"),
        JsonField.Hash(json.TransactionHash, "transaction_hash"),
        JsonField.Need(json.TransactionSuccessful, "transaction_successful"),
        JsonField.Muxed(json.SourceAccount, json.SourceAccountMuxedId, "source_account"),
        JsonField.Need(json.Type, "type"),
        JsonField.Need(json.CreatedAt, "created_at"),
        json.Transaction?.ToRecord());

    private static MuxedAccount From(OperationJson json) => JsonField.Muxed(json.From, json.FromMuxedId, "from");

    private static MuxedAccount To(OperationJson json) => JsonField.Muxed(json.To, json.ToMuxedId, "to");

    private static Asset AssetOf(OperationJson json) =>
        JsonField.Asset(json.AssetType, json.AssetCode, json.AssetIssuer, "asset_type");
}
