using System.Globalization;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>Assets, offers between them, and ways through the offers.</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/aggregations</remarks>
public sealed class HorizonMarket
{
    private readonly HorizonTransport _transport;

    internal HorizonMarket(HorizonTransport transport) => _transport = transport;

    /// <summary>A page of assets.</summary>
    /// <param name="code">Only those with this code; null for all.</param>
    /// <param name="issuer">Only those of this issuer; null for all.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<AssetRecord>> GetAssetsAsync(
        string? code, AccountId? issuer, PageQuery page, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<AssetJson, AssetRecord>, HorizonPage<AssetRecord>>(
            new HorizonPath("assets")
                .With("asset_code", code)
                .With("asset_issuer", issuer?.ToString())
                .With(page)
                .ToString(),
            HorizonJson.Default.AssetPage,
            cancellationToken);

    /// <summary>A page of open offers.</summary>
    /// <param name="seller">Only those of this account; null for all.</param>
    /// <param name="selling">Only those that sell this; null for all.</param>
    /// <param name="buying">Only those that buy this; null for all.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<OfferRecord>> GetOffersAsync(
        AccountId? seller,
        Asset? selling,
        Asset? buying,
        PageQuery page,
        CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<OfferJson, OfferRecord>, HorizonPage<OfferRecord>>(
            new HorizonPath("offers")
                .With("seller", seller?.ToString())
                .With("selling", selling?.ToString())
                .With("buying", buying?.ToString())
                .With(page)
                .ToString(),
            HorizonJson.Default.OfferPage,
            cancellationToken);

    /// <summary>Ways to turn a fixed amount into other assets, best first.</summary>
    /// <param name="source">What is sent.</param>
    /// <param name="amount">How much is sent, in stroops, above zero.</param>
    /// <param name="destinations">What may arrive; at least one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<IReadOnlyList<PaymentPath>> FindStrictSendPathsAsync(
        Asset source, long amount, IReadOnlyCollection<Asset> destinations, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        var path = WithAsset(new HorizonPath("paths/strict-send"), "source", source)
            .With("source_amount", StellarAmount.Format(amount))
            .With("destination_assets", List(destinations));
        return FindPathsAsync(path, cancellationToken);
    }

    /// <summary>Ways to obtain a fixed amount from other assets, best first.</summary>
    /// <param name="sources">What may be sent; at least one.</param>
    /// <param name="destination">What arrives.</param>
    /// <param name="amount">How much arrives, in stroops, above zero.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<IReadOnlyList<PaymentPath>> FindStrictReceivePathsAsync(
        IReadOnlyCollection<Asset> sources, Asset destination, long amount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        var path = WithAsset(
                new HorizonPath("paths/strict-receive").With("source_assets", List(sources)), "destination", destination)
            .With("destination_amount", StellarAmount.Format(amount));
        return FindPathsAsync(path, cancellationToken);
    }

    /// <summary>The offers between two assets, summed up by price.</summary>
    /// <param name="selling">The base asset.</param>
    /// <param name="buying">The counter asset.</param>
    /// <param name="levels">How many prices of each side, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<OrderBook> GetOrderBookAsync(
        Asset selling, Asset buying, int levels = 20, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<OrderBookJson, OrderBook>(
            WithAsset(WithAsset(new HorizonPath("order_book"), "selling", selling), "buying", buying)
                .With("limit", levels.ToString(CultureInfo.InvariantCulture)).ToString(),
            HorizonJson.Default.OrderBookJson,
            cancellationToken);

    private Task<IReadOnlyList<PaymentPath>> FindPathsAsync(HorizonPath path, CancellationToken cancellationToken) =>
        _transport.GetAsync<PathsJson, IReadOnlyList<PaymentPath>>(
            path.ToString(), HorizonJson.Default.PathsJson, cancellationToken);

    private static HorizonPath WithAsset(HorizonPath path, string name, Asset asset) => path
        .With($"{name}_asset_type", asset.Type switch
        {
            AssetType.CreditAlphanum4 => "credit_alphanum4",
            AssetType.CreditAlphanum12 => "credit_alphanum12",
            _ => "native",
        })
        .With($"{name}_asset_code", asset.IsNative ? null : asset.Code.ToString())
        .With($"{name}_asset_issuer", asset.IsNative ? null : asset.Issuer.ToString());

    private static string List(IReadOnlyCollection<Asset> assets)
    {
        ArgumentNullException.ThrowIfNull(assets);
        ArgumentOutOfRangeException.ThrowIfZero(assets.Count, nameof(assets));
        return string.Join(',', assets);
    }
}
