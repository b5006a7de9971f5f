using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Merchants;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>A merchant's account on the ledger.</summary>
internal static class MerchantAccountApi
{
    public static void MapMerchantAccount(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/merchant/account", GetAsync).WithTags("Merchants").RequireRateLimiting(RateLimitNames.Merchant)
            .RequireMerchant(MerchantPermissions.BooksRead).WithMetadata(Polled.Often)
            .WithSummary("The merchant's account on the ledger, and what of it is available, pending, held or a fee");

    private static async Task<Results<Ok<MerchantAccountJson>, Problem>> GetAsync(MerchantCaller caller, MerchantAccounts accounts)
    {
        var found = await accounts.FindAsync(caller);
        return found.IsSuccess ? TypedResults.Ok(MerchantAccountJson.Of(found.Value)) : Problem.Of(found.Error);
    }
}

/// <summary>A merchant's account on the ledger.</summary>
/// <param name="Object">Always <c>merchant_account</c>.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Address">Its address.</param>
/// <param name="Status">opening or active.</param>
/// <param name="Topup">How the merchant pays in what is his own.</param>
/// <param name="Balances">What it holds of each asset.</param>
internal sealed record MerchantAccountJson(
    string Object, string MerchantId, string Address, string Status, MerchantTopupJson Topup, MerchantBalanceJson[] Balances)
{
    public static MerchantAccountJson Of(MerchantView merchant) => new(
        "merchant_account", merchant.Id.Value, merchant.Address,
        merchant.Status == MerchantAccountStatus.Active ? "active" : "opening",
        MerchantTopupJson.Of(merchant),
        [.. merchant.Balances.Select(MerchantBalanceJson.Of)]);
}

/// <summary>
/// By what a payment to the merchant's address is his own money: available at once, without a fee. Three names of the same, of which one
/// suffices.
/// </summary>
/// <param name="Memo">The text memo: his id.</param>
/// <param name="MemoId">The id memo, for who can type numbers only.</param>
/// <param name="MuxedAddress">The muxed address (SEP-23), for wallets that take no memo.</param>
internal sealed record MerchantTopupJson(string Memo, string MemoId, string MuxedAddress)
{
    public static MerchantTopupJson Of(MerchantView merchant) => new(
        merchant.Id.Value, merchant.Id.Number.ToString(CultureInfo.InvariantCulture),
        new MuxedAccount(AccountId.Parse(merchant.Address), (ulong)merchant.Id.Number).ToString());
}

/// <summary>What a merchant holds of one asset, as decimal strings; what is on the ledger is the sum of the others.</summary>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="OnLedger">What the account holds.</param>
/// <param name="Available">What the merchant may spend; below zero where an issuer took back what was sold already.</param>
/// <param name="Pending">What sessions received that are not paid in full yet.</param>
/// <param name="Held">
/// What came too late, in another asset, for a session that ended unpaid, or beyond a price and is not kept: its payers may have it back.
/// </param>
/// <param name="Fees">What is the platform's.</param>
/// <param name="Unallocated">What came and no session has judged, or names none.</param>
/// <param name="Refunds">What is set aside to be paid back, and on its way.</param>
internal sealed record MerchantBalanceJson(
    string Asset, string? Issuer, string OnLedger, string Available, string Pending, string Held, string Fees, string Unallocated,
    string Refunds)
{
    public static MerchantBalanceJson Of(MerchantBalance balance)
    {
        var asset = Grains.Money.Asset.Parse(balance.Asset);
        return new MerchantBalanceJson(
            asset.Code, asset.Issuer, Amount.Format(balance.OnLedger), Amount.Format(balance.Available), Amount.Format(balance.Pending),
            Amount.Format(balance.Held), Amount.Format(balance.Fees), Amount.Format(balance.Unallocated),
            Amount.Format(balance.Refunds));
    }
}
