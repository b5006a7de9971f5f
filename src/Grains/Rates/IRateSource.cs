using StellarPay.Grains.Money;

namespace StellarPay.Grains.Rates;

/// <summary>What assets are worth in the reference currency, in which limits are counted.</summary>
public interface IRateSource
{
    /// <summary>The latest rate that is known, however old; null where there is none. Answers fast: from memory if it can.</summary>
    Task<AssetRate?> FindAsync(Asset asset, CancellationToken cancellationToken);

    /// <summary>The same at which so much can be had. What sets no price for so much has none.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="dollars">For how many units of the reference currency at least.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<AssetRate?> FindForAsync(Asset asset, decimal dollars, CancellationToken cancellationToken) => FindAsync(asset, cancellationToken);
}

/// <summary>What one unit of an asset is worth.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Price">Units of the reference currency for one unit of the asset; above zero.</param>
/// <param name="At">When the price was true, by business time.</param>
/// <param name="Source">Whence it is: <c>settings</c> or <c>order_book</c>.</param>
public sealed record AssetRate(Asset Asset, decimal Price, DateTimeOffset At, string Source = "settings");
