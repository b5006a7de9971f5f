using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private TierLimits Limits => services.Tiers[Math.Clamp(State.Tier, 0, services.Tiers.Count - 1)];

    public Task<Result<WalletLimits>> GetLimitsAsync(UserId caller)
    {
        RequireSound();
        return Task.FromResult<Result<WalletLimits>>(IsOwner(caller) ? LimitsView() : NoSuchWallet);
    }

    private WalletLimits LimitsView()
    {
        var limits = Limits;
        return new WalletLimits(
            ReferenceAmount.Currency,
            limits.Tier,
            limits.Payment,
            UsageOf(State.DayUsage, LimitWindow.Day, limits.Daily),
            UsageOf(State.MonthUsage, LimitWindow.Month, limits.Monthly));
    }

    private LimitUsage UsageOf(List<UsageBucket> buckets, LimitWindow window, long limit) => new(
        limit,
        (long)Int128.Min(LimitLedger.Used(buckets, window, Now), long.MaxValue),
        LimitLedger.Left(buckets, window, limit, Now));

    // What an amount is worth in the reference currency, or why that cannot be said. Without a rate nothing is paid: it
    // is never taken for nothing.
    private async Task<(long? Units, Error? Refusal)> WorthAsync(Asset asset, long stroops, CancellationToken cancellationToken)
    {
        var rate = await services.Rates.FindAsync(asset, cancellationToken);
        return rate is null || Now - rate.At > services.MaxRateAge
            ? (null, new Error(ErrorKind.Unavailable, "rate_unavailable",
                $"There is no present rate of {asset.Code}, so that the limits cannot be checked. Please try again later."))
            : (ReferenceAmount.Of(stroops, rate.Price), null);
    }
}
