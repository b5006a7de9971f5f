using Microsoft.Extensions.Options;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet may move by its owner's tier, and what an amount counts against that.</summary>
internal sealed class WalletLimitRules(
    IRateSource rates, MinimumPayment minimum, OperationFees fees, IOptions<LimitOptions> limits, IOptions<RateOptions> rating)
{
    private readonly IReadOnlyList<TierLimits> _tiers = TierLimits.All(limits.Value);
    private readonly TierLimits _unprotected = TierLimits.All(limits.Value)[0].WithoutFactor(limits.Value);
    private readonly TimeSpan _factorCountsAfter = limits.Value.FactorCountsAfter;
    private readonly TimeSpan _maxRateAge = TimeSpan.FromSeconds(rating.Value.MaxAgeSeconds);

    /// <summary>The limits of a wallet.</summary>
    public TierLimits Of(IWalletContext wallet)
    {
        if (wallet.State.Tier != 0)
        {
            return _tiers[Math.Clamp(wallet.State.Tier, 0, _tiers.Count - 1)];
        }

        // Whoever has taken an account over sets up a factor of his own. Its owner is told, and undoes it before it is worth anything.
        var countsFrom = wallet.State.SecondFactor is { IsSet: true, Since: { } since }
            ? since + _factorCountsAfter
            : (DateTimeOffset?)null;
        return countsFrom <= wallet.Now ? _tiers[0] : _unprotected with { RaisedAt = countsFrom };
    }

    /// <summary>The limits, and how much of them is used.</summary>
    public WalletLimits View(IWalletContext wallet)
    {
        var own = Of(wallet);
        return new WalletLimits(
            ReferenceAmount.Currency,
            own.Tier,
            own.Payment,
            Usage(wallet.State.DayUsage, LimitWindow.Day, own.Daily, wallet.Now),
            Usage(wallet.State.MonthUsage, LimitWindow.Month, own.Monthly, wallet.Now),
            minimum.Units,
            fees.FreeOf(wallet.State),
            OperationFees.Used(wallet.State, wallet.Now));
    }

    /// <summary>
    /// What an amount is worth in the reference currency, or why that cannot be said. Without a rate nothing is paid: it is
    /// never taken for nothing.
    /// </summary>
    public async Task<PaymentWorth> WorthAsync(
        Asset asset, long stroops, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What the network's fees are worth is asked beside; that nobody knows it refuses nothing.
        var xlm = rates.FindAsync(Asset.Native, cancellationToken);
        var price = PriceOf(await rates.FindAsync(asset, cancellationToken), now);
        var xlmPrice = PriceOf(await OrNoneAsync(xlm), now);
        return price is { } known
            ? new PaymentWorth(ReferenceAmount.Of(stroops, known), known, xlmPrice, Refusal: null)
            : PaymentWorth.Unknown(new Error(ErrorKind.Unavailable, "rate_unavailable",
                $"There is no present rate of {asset.Code}, so that the limits cannot be checked. Please try again later."));
    }

    private static async Task<AssetRate?> OrNoneAsync(Task<AssetRate?> asked)
    {
        try
        {
            return await asked;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }

    private decimal? PriceOf(AssetRate? rate, DateTimeOffset now) => rate is null || now - rate.At > _maxRateAge ? null : rate.Price;

    private static LimitUsage Usage(List<UsageBucket> buckets, LimitWindow window, long limit, DateTimeOffset now) => new(
        limit,
        (long)Int128.Min(LimitLedger.Used(buckets, window, now), long.MaxValue),
        LimitLedger.Left(buckets, window, limit, now));
}
