using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Trades;

/// <summary>Horizon's trade resource, seen from its base asset: the lesser of the two unless the client says which.</summary>
internal static class TradeJson
{
    // A buyer without an offer in the book has one made up of the operation's id, as in Horizon.
    private const long SyntheticOffer = 1L << 62;

    public static string Token(HistoryTrade trade) =>
        string.Create(CultureInfo.InvariantCulture, $"{trade.Operation.Id}-{trade.Order}");

    public static void Write(Utf8JsonWriter json, HorizonLinks links, HistoryTrade trade, Asset? asBase)
    {
        var seller = new Side(trade.SoldAsset, trade.Sold, trade.Seller, trade.OfferId);
        var buyer = new Side(
            trade.BoughtAsset, trade.Bought, trade.Buyer, trade.BuyerOfferId ?? trade.Operation.Id | SyntheticOffer);
        var sellerIsBase = asBase is { } chosen
            ? trade.SoldAsset == chosen
            : trade.SoldAsset.CompareTo(trade.BoughtAsset) < 0;
        var (baseSide, counter) = sellerIsBase ? (seller, buyer) : (buyer, seller);
        var token = Token(trade);
        json.WriteStartObject();
        json.WriteStartObject("_links");
        links.Write(json, "self", "");
        links.Write(json, "base", $"/accounts/{baseSide.Account}");
        links.Write(json, "counter", $"/accounts/{counter.Account}");
        links.Write(json, "operation", string.Create(CultureInfo.InvariantCulture, $"/operations/{trade.Operation.Id}"));
        json.WriteEndObject();
        json.WriteString("id", token);
        json.WriteString("paging_token", token);
        json.WriteTime("ledger_close_time", trade.Operation.Transaction.Ledger.ClosedAt);
        json.WriteString("trade_type", "orderbook");
        json.WriteDecimal("offer_id", trade.OfferId);
        baseSide.Write(json, "base_");
        counter.Write(json, "counter_");
        json.WriteBoolean("base_is_seller", sellerIsBase);
        var price = sellerIsBase ? trade.Price : new Price(trade.Price.D, trade.Price.N);
        json.WriteStartObject("price");
        json.WriteDecimal("n", (long)price.N);
        json.WriteDecimal("d", (long)price.D);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private readonly record struct Side(Asset Asset, long Amount, AccountId Account, long OfferId)
    {
        public void Write(Utf8JsonWriter json, string prefix)
        {
            json.WriteDecimal(prefix + "offer_id", OfferId);
            json.WriteString(prefix + "account", Account.ToString());
            json.WriteAmount(prefix + "amount", Amount);
            AssetNames.Of(Asset).Write(json, prefix);
        }
    }
}
