using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Replay;

/// <summary>Compares a ledger's entries with those that a story ends with, as lines of JSON.</summary>
internal static class FinalState
{
    /// <summary>The first entry that only one of the two has, as a sentence; null if they agree.</summary>
    public static string? FirstDifference(StoryState expected, LedgerState state) =>
        FirstDifference("account", expected.Accounts, state.Accounts.Select(AccountJson))
        ?? FirstDifference("trustline", expected.Trustlines, state.TrustLines.Select(TrustLineJson))
        ?? FirstDifference("offer", expected.Offers, state.Offers.Select(OfferJson))
        ?? FirstDifference("claimable balance", expected.ClaimableBalances, state.ClaimableBalances.Select(BalanceJson))
        ?? FirstDifference("data", expected.Data, state.Data.Select(DataJson));

    private static string? FirstDifference(
        string kind, IReadOnlyList<JsonElement> expected, IEnumerable<JsonObject> actual)
    {
        var wanted = expected.Select(element => JsonSerializer.Serialize(element)).ToHashSet();
        var found = actual.Select(json => json.ToJsonString()).ToHashSet();
        var missing = wanted.Except(found).Order(StringComparer.Ordinal).FirstOrDefault();
        var extra = found.Except(wanted).Order(StringComparer.Ordinal).FirstOrDefault();
        return missing is null && extra is null
            ? null
            : $"{kind}: expected {missing ?? "no more"}, found {extra ?? "nothing like it"}";
    }

    private static JsonObject AccountJson(Account account) => new()
    {
        ["id"] = account.Id.ToString(),
        ["balance"] = Text(account.Balance),
        ["sequence"] = Text(account.Sequence),
        ["subentries"] = account.SubEntries,
        ["flags"] = (uint)account.Flags,
        ["home_domain"] = account.HomeDomain.ToString(),
        ["thresholds"] = new JsonArray(
            account.Thresholds.MasterWeight,
            account.Thresholds.Low,
            account.Thresholds.Medium,
            account.Thresholds.High),
        ["buying_liabilities"] = Text(account.BuyingLiabilities),
        ["selling_liabilities"] = Text(account.SellingLiabilities),
        ["num_sponsored"] = account.Sponsored,
        ["num_sponsoring"] = account.Sponsoring,
        ["signers"] = new JsonArray([.. account.Signers.Select(signer => new JsonObject
        {
            ["key"] = signer.Key.ToStrKey(),
            ["weight"] = signer.Weight,
        })]),
    };

    private static JsonObject TrustLineJson(TrustLine line) => new()
    {
        ["account"] = line.Account.ToString(),
        ["asset"] = line.Asset.ToString(),
        ["balance"] = Text(line.Balance),
        ["limit"] = Text(line.Limit),
        ["flags"] = (uint)line.Flags,
        ["buying_liabilities"] = Text(line.BuyingLiabilities),
        ["selling_liabilities"] = Text(line.SellingLiabilities),
    };

    private static JsonObject OfferJson(Offer offer) => new()
    {
        ["id"] = offer.Id,
        ["seller"] = offer.Seller.ToString(),
        ["selling"] = offer.Selling.ToString(),
        ["buying"] = offer.Buying.ToString(),
        ["amount"] = Text(offer.Amount),
        ["price"] = new JsonObject { ["n"] = offer.Price.N, ["d"] = offer.Price.D },
        ["flags"] = (uint)offer.Flags,
    };

    private static JsonObject BalanceJson(ClaimableBalance balance) => new()
    {
        ["id"] = new ClaimableBalanceId(balance.Id).ToString(),
        ["asset"] = balance.Asset.ToString(),
        ["amount"] = Text(balance.Amount),
    };

    private static JsonObject DataJson(NamedData data) => new()
    {
        ["account"] = data.Account.ToString(),
        ["name"] = data.Name.ToString(),
        ["value"] = Convert.ToBase64String(data.Value.AsSpan()),
    };

    private static string Text(long amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
