using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.ClaimableBalances;

/// <summary>Claimable balances by id, and by claimant, sponsor and asset.</summary>
internal static class ClaimableBalanceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapStatePage("/claimable_balances", List);
        routes.MapObject("/claimable_balances/{id}", Find);
    }

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request) =>
        request.BalanceId("id") is { } id
        && request.Network.Read(request.AsOf, state => state.ClaimableBalance(id)) is { } balance
            ? json => Write(json, request, balance)
            : null;

    private static FetchPage List(HorizonRequest request)
    {
        var claimant = request.Account("claimant");
        var sponsor = request.Account("sponsor");
        var asset = request.Asset("asset");
        return page => request.Network.Read(request.AsOf, state => StatePage.Of(
                state.ClaimableBalances.Where(balance =>
                    (claimant is null || balance.Claimants.Any(own => own.Destination == claimant))
                    && (sponsor is null || balance.Sponsor == sponsor)
                    && (asset is null || balance.Asset == asset)),
                page,
                Key,
                StringComparer.Ordinal,
                Cursor(page.Cursor)))
            .ConvertAll(balance => new PageRecord(Token(balance), json => Write(json, request, balance)));
    }

    /// <summary>The ledger of the last change and the id, as Horizon orders them.</summary>
    private static string Token(ClaimableBalance balance) => string.Create(
        CultureInfo.InvariantCulture, $"{balance.LastModified}-{IdOf(balance)}");

    private static string Key(ClaimableBalance balance) => string.Create(
        CultureInfo.InvariantCulture, $"{balance.LastModified:D10}-{IdOf(balance)}");

    private static string? Cursor(string cursor)
    {
        var parts = cursor.Split('-');
        return parts.Length == 2 && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ledger)
            ? string.Create(CultureInfo.InvariantCulture, $"{ledger:D10}-{parts[1]}")
            : null;
    }

    private static string IdOf(ClaimableBalance balance) => new ClaimableBalanceId(balance.Id).ToString();

    private static void Write(Utf8JsonWriter json, HorizonRequest request, ClaimableBalance balance)
    {
        var id = IdOf(balance);
        json.WriteStartObject();
        json.WriteStartObject("_links");
        request.Links.Write(json, "self", "/claimable_balances/" + id);
        request.Links.WritePaged(json, "transactions", $"/claimable_balances/{id}/transactions");
        request.Links.WritePaged(json, "operations", $"/claimable_balances/{id}/operations");
        json.WriteEndObject();
        json.WriteString("id", id);
        json.WriteString("asset", AssetNames.Of(balance.Asset).Canonical);
        json.WriteAmount("amount", balance.Amount);
        AccountJson.WriteSponsor(json, balance);
        json.WriteNumber("last_modified_ledger", balance.LastModified);
        AccountJson.WriteModifiedAt(json, request.Network.History.Ledger(balance.LastModified)?.ClosedAt);
        PredicateJson.WriteClaimants(json, balance.Claimants);
        json.WriteStartObject("flags");
        json.WriteBoolean("clawback_enabled", balance.IsClawbackEnabled);
        json.WriteEndObject();
        json.WriteString("paging_token", Token(balance));
        json.WriteEndObject();
    }
}
