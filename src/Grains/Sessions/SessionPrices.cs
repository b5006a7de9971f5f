using Microsoft.Extensions.Options;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What a session costs in each asset that it takes, at the rates of the moment. Rounded up to the stroop: a merchant never gets less than
/// his price at the rate that is shown.
/// </summary>
internal sealed class SessionPrices(
    IRateSource assets, IFiatRates currencies, MerchantClocks clocks, IOptions<RateOptions> rates, IOptions<NetworkOptions> network,
    IOptions<PaymentSessionOptions> options)
{
    private const int IsoCodeLength = 3;
    private const int BasisPointsInAll = 10_000;
    private const string Own = "price";

    // A cent: for less, what is beyond the price would be all of it, and bear no fee.
    private const long LeastUnits = 100_000;

    /// <summary>The locks of a session that begins now; or why there are none. Beside the turns: rates may have to be asked for.</summary>
    public async Task<Result<SessionLock[]>> LockAsync(NewPaymentSession order, CancellationToken cancellationToken)
    {
        var volatileFor = TimeSpan.FromSeconds(options.Value.VolatileSeconds);
        if (order.ExpiresIn > volatileFor && order.Assets.FirstOrDefault(asset => !IsSteady(asset, order.Currency)) is { } moving)
        {
            return new Error(ErrorKind.InvalidRequest, "expires_in_too_long",
                $"A price in {CodeOf(moving)} holds for at most {volatileFor.TotalSeconds:0} seconds. Name 'assets' that are worth the same all "
                + "the time, or a shorter 'expires_in'.", "expires_in");
        }

        var price = await WorthOfCurrencyAsync(order.Currency, cancellationToken);
        var locks = new List<SessionLock>();
        foreach (var asset in order.Assets)
        {
            if (asset == order.Currency)
            {
                // A session in an asset asks for it to the stroop; what it is worth is for fees.
                locks.Add(new SessionLock(asset, order.Amount, 1, Own, clocks.Business.GetUtcNow(), price?.Dollars));
                continue;
            }

            // For all of it: a price that holds for a little is no price of a house.
            var worth = await WorthAsync(asset, price is null ? 0 : DollarsOf(order.Amount, price.Dollars), cancellationToken);
            if (price is null || worth is null)
            {
                return new Error(ErrorKind.Unavailable, "rate_unavailable",
                    $"There is no rate between {CodeOf(order.Currency)} and {CodeOf(asset)} now. Please try again in a moment.", "currency");
            }

            if (Due(order.Amount, price.Dollars, worth.Dollars) is not { } due)
            {
                return new Error(ErrorKind.InvalidRequest, "amount_invalid",
                    $"'amount' is more {CodeOf(asset)} than there can be.", "amount");
            }

            locks.Add(new SessionLock(
                asset, due, worth.Dollars / price.Dollars, $"{price.Source}, {worth.Source}", price.At < worth.At ? price.At : worth.At,
                worth.Dollars));
        }

        return locks.Any(IsTooLittle)
            ? new Error(ErrorKind.InvalidRequest, "amount_too_small",
                $"'amount' is worth less than {ReferenceAmount.Exact(LeastUnits)}, the least that can be asked for.", "amount")
            : locks.ToArray();
    }

    private static bool IsTooLittle(SessionLock each) =>
        each.UsdPrice is { } dollars && ReferenceAmount.Of(each.DueStroops, dollars) is { } worth && worth < LeastUnits;

    // Amounts of both sides are ten-millionths, so the prices alone stand between them, and the spread.
    private long? Due(long amount, decimal price, decimal worth)
    {
        var (one, ones) = ExactQuotient.Parts(price);
        var (other, others) = ExactQuotient.Parts(worth);
        var due = ExactQuotient.Up(
            amount * one * others * BasisPointsInAll, ones * other * (BasisPointsInAll - options.Value.SpreadBasisPoints));
        return due <= long.MaxValue ? (long)due : null;
    }

    private bool IsSteady(string asset, string currency) =>
        asset == currency || (asset == network.Value.Assets[0] && currency == options.Value.PeggedTo);

    private static decimal DollarsOf(long amount, decimal dollars) => (decimal)amount / Amount.StroopsPerUnit * dollars;

    private Task<FiatRate?> WorthOfCurrencyAsync(string currency, CancellationToken cancellationToken) =>
        currency.Length == IsoCodeLength
            ? FreshAsync(currencies.FindAsync(currency, cancellationToken))
            : WorthAsync(currency, 0, cancellationToken);

    private async Task<FiatRate?> WorthAsync(string asset, decimal dollars, CancellationToken cancellationToken) =>
        await assets.FindForAsync(Asset.Parse(asset), dollars, cancellationToken) is { } rate && IsFresh(rate.At)
            ? new FiatRate(asset, rate.Price, rate.Source, rate.At)
            : null;

    private async Task<FiatRate?> FreshAsync(Task<FiatRate?> asked) => await asked is { } rate && IsFresh(rate.At) ? rate : null;

    private bool IsFresh(DateTimeOffset at) => clocks.Business.GetUtcNow() - at <= TimeSpan.FromSeconds(rates.Value.MaxAgeSeconds);

    private static string CodeOf(string asset) => asset.Split(':')[0];
}
