using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox.Horizon.Offers;

/// <summary>Offers by id, by seller, sponsor and pair of assets; an account's offers.</summary>
internal static class OfferEndpoints
{
    private const string Message = "Offer ID must be an integer higher than 0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapStatePage("/offers", List);
        routes.MapStatePage("/accounts/{account_id}/offers", OfAccount, streams: true);
        routes.MapObject("/offers/{offer_id}", Find);
    }

    private static Action<Utf8JsonWriter>? Find(HorizonRequest request) =>
        request.Number("offer_id", Message) is { } id
        && request.Network.Read(request.AsOf, state => state.Offer(id)) is { } offer
            ? json => Write(json, request, offer)
            : null;

    private static FetchPage? OfAccount(HorizonRequest request) =>
        request.Account("account_id") is { } account ? Pages(request, state => state.OffersOf(account)) : null;

    private static FetchPage List(HorizonRequest request)
    {
        var seller = request.Account("seller");
        var sponsor = request.Account("sponsor");
        var selling = request.Asset("selling") ?? request.AssetInParts("selling_");
        var buying = request.Asset("buying") ?? request.AssetInParts("buying_");
        return Pages(request, state => (seller is { } account ? state.OffersOf(account) : state.Offers).Where(offer =>
            (sponsor is null || offer.Sponsor == sponsor)
            && (selling is null || offer.Selling == selling)
            && (buying is null || offer.Buying == buying)));
    }

    private static FetchPage Pages(HorizonRequest request, Func<StateView, IEnumerable<Offer>> offers) => page =>
    {
        var cursor = long.TryParse(page.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : page.Descending ? long.MaxValue : 0;
        return request.Network.Read(request.AsOf, state =>
            StatePage.Of(offers(state), page, offer => offer.Id, Comparer<long>.Default, cursor))
            .ConvertAll(offer => new PageRecord(
                offer.Id.ToString(CultureInfo.InvariantCulture), json => Write(json, request, offer)));
    };

    private static void Write(Utf8JsonWriter json, HorizonRequest request, Offer offer)
    {
        json.WriteStartObject();
        json.WriteStartObject("_links");
        request.Links.Write(json, "self", string.Create(CultureInfo.InvariantCulture, $"/offers/{offer.Id}"));
        request.Links.Write(json, "offer_maker", $"/accounts/{offer.Seller}");
        json.WriteEndObject();
        json.WriteDecimal("id", offer.Id);
        json.WriteDecimal("paging_token", offer.Id);
        json.WriteString("seller", offer.Seller.ToString());
        AssetNames.Of(offer.Selling).WriteObject(json, "selling");
        AssetNames.Of(offer.Buying).WriteObject(json, "buying");
        json.WriteAmount("amount", offer.Amount);
        json.WritePrice("price", offer.Price.N, offer.Price.D);
        json.WriteNumber("last_modified_ledger", offer.LastModified);
        AccountJson.WriteModifiedAt(json, request.Network.History.Ledger(offer.LastModified)?.ClosedAt);
        AccountJson.WriteSponsor(json, offer);
        json.WriteEndObject();
    }
}
