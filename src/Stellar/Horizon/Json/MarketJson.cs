using System.Text.Json.Serialization;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record AssetFieldsJson
{
    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    public Asset ToAsset(string field) => JsonField.Asset(AssetType, AssetCode, AssetIssuer, field);
}

internal sealed record AssetJson : IHorizonJson<AssetRecord>
{
    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    public AssetCountsJson? Accounts { get; init; }

    public AssetAmountsJson? Balances { get; init; }

    public int NumClaimableBalances { get; init; }

    public string? ClaimableBalancesAmount { get; init; }

    public FlagsJson? Flags { get; init; }

    public string? PagingToken { get; init; }

    public AssetRecord ToRecord() => new()
    {
        Asset = JsonField.Asset(AssetType, AssetCode, AssetIssuer, "asset_type"),
        AuthorizedAccounts = Accounts?.Authorized ?? 0,
        AuthorizedBalance = JsonField.OptionalStroops(Balances?.Authorized, "balances.authorized") ?? 0,
        ClaimableBalances = NumClaimableBalances,
        ClaimableBalancesAmount =
            JsonField.OptionalStroops(ClaimableBalancesAmount, "claimable_balances_amount") ?? 0,
        AuthRequired = Flags?.AuthRequired ?? false,
        AuthRevocable = Flags?.AuthRevocable ?? false,
        AuthClawbackEnabled = Flags?.AuthClawbackEnabled ?? false,
        PagingToken = JsonField.Need(PagingToken, "paging_token"),
    };
}

internal sealed record AssetCountsJson
{
    public int Authorized { get; init; }
}

internal sealed record AssetAmountsJson
{
    public string? Authorized { get; init; }
}

internal sealed record OfferJson : IHorizonJson<OfferRecord>
{
    public string? Id { get; init; }

    public string? Seller { get; init; }

    public AssetFieldsJson? Selling { get; init; }

    public AssetFieldsJson? Buying { get; init; }

    public string? Amount { get; init; }

    public FractionJson? PriceR { get; init; }

    public string? PagingToken { get; init; }

    public OfferRecord ToRecord()
    {
        var price = JsonField.Need(PriceR, "price_r");
        return new OfferRecord
        {
            Id = JsonField.Int64(Id, "id"),
            Seller = JsonField.Account(Seller, "seller"),
            Selling = JsonField.Need(Selling, "selling").ToAsset("selling"),
            Buying = JsonField.Need(Buying, "buying").ToAsset("buying"),
            Amount = JsonField.Stroops(Amount, "amount"),
            Price = price is { N: > 0 and <= int.MaxValue, D: > 0 and <= int.MaxValue }
                ? new Price((int)price.N, (int)price.D)
                : throw JsonField.Wrong("price_r"),
            PagingToken = JsonField.Need(PagingToken, "paging_token"),
        };
    }
}

internal sealed record FractionJson
{
    public long N { get; init; }

    public long D { get; init; }
}

internal sealed record ClaimableBalanceJson : IHorizonJson<ClaimableBalanceRecord>
{
    public string? Id { get; init; }

    public string? Asset { get; init; }

    public string? Amount { get; init; }

    public string? Sponsor { get; init; }

    public List<BalanceClaimantJson>? Claimants { get; init; }

    public string? PagingToken { get; init; }

    public ClaimableBalanceRecord ToRecord() => new()
    {
        Id = JsonField.Need(Id, "id"),
        Asset = JsonField.Asset(Asset, "asset"),
        Amount = JsonField.Stroops(Amount, "amount"),
        Sponsor = JsonField.OptionalAccount(Sponsor, "sponsor"),
        Claimants = [.. JsonField.Need(Claimants, "claimants").Select(claimant => new Claimant(
            JsonField.Account(claimant.Destination, "claimants.destination"),
            JsonField.Need(claimant.Predicate, "claimants.predicate").ToPredicate()))],
        PagingToken = JsonField.Need(PagingToken, "paging_token"),
    };
}

internal sealed record PathsJson : IHorizonJson<IReadOnlyList<PaymentPath>>
{
    [JsonPropertyName("_embedded")]
    public EmbeddedJson<PathJson>? Embedded { get; init; }

    public IReadOnlyList<PaymentPath> ToRecord()
    {
        var records = JsonField.Need(JsonField.Need(Embedded, "_embedded").Records, "records");
        return [.. records.Select(record => record.ToRecord())];
    }
}

internal sealed record PathJson
{
    public string? SourceAssetType { get; init; }

    public string? SourceAssetCode { get; init; }

    public string? SourceAssetIssuer { get; init; }

    public string? SourceAmount { get; init; }

    public string? DestinationAssetType { get; init; }

    public string? DestinationAssetCode { get; init; }

    public string? DestinationAssetIssuer { get; init; }

    public string? DestinationAmount { get; init; }

    public List<AssetFieldsJson>? Path { get; init; }

    public PaymentPath ToRecord() => new(
        JsonField.Asset(SourceAssetType, SourceAssetCode, SourceAssetIssuer, "source_asset_type"),
        JsonField.Stroops(SourceAmount, "source_amount"),
        JsonField.Asset(
            DestinationAssetType, DestinationAssetCode, DestinationAssetIssuer, "destination_asset_type"),
        JsonField.Stroops(DestinationAmount, "destination_amount"),
        JsonField.Need(Path, "path").Select(asset => asset.ToAsset("path")).ToValueList());
}

internal sealed record OrderBookJson : IHorizonJson<OrderBook>
{
    public List<PriceLevelJson>? Bids { get; init; }

    public List<PriceLevelJson>? Asks { get; init; }

    public AssetFieldsJson? Base { get; init; }

    public AssetFieldsJson? Counter { get; init; }

    public OrderBook ToRecord() => new(
        JsonField.Need(Base, "base").ToAsset("base"),
        JsonField.Need(Counter, "counter").ToAsset("counter"),
        [.. JsonField.Need(Bids, "bids").Select(level => level.ToRecord())],
        [.. JsonField.Need(Asks, "asks").Select(level => level.ToRecord())]);
}

internal sealed record PriceLevelJson
{
    public FractionJson? PriceR { get; init; }

    public string? Amount { get; init; }

    public PriceLevel ToRecord()
    {
        var price = JsonField.Need(PriceR, "price_r");
        return new PriceLevel(price.N, price.D, JsonField.Stroops(Amount, "amount"));
    }
}
